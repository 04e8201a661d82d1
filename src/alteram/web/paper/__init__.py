"""Paper: forms to print for every act a party can do, and the page on which somebody entitled enters what came back."""
