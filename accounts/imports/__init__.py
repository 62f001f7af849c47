"""The import engine behind wizard, command and API.

fields       what a column can mean
plan         mapping and options, checked and resolved against a file
pieces       a file in pieces, and where a killed run goes on
remembered   each text of a file is read once
sales_rows   rows of a sales file to lines or problems; pure
line_values  the numbers of one line
occurrences  which repetition of a line this is, with bounded memory
problems     what stays out: counted, summed, listed, written to the error file
matching     external ids to accounts and codes to offerings
writing      the statements for many lines at once
sales        a sales import from the first row to the roll-up
accounts     the same for account master data; account_rows, account_matching, account_writing, parents, contacts
timeline     what an import leaves in the timelines
undo         the way back
"""
