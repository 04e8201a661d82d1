"""What is shown to whom: bundles and what is withheld from them, redactions, names of protected persons."""
