"""A page for whoever holds an office: is the record well kept, and the machine well?"""
