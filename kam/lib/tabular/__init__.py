"""Tables from and for other people's programs, without any word of the business.

reader    open_table(path): CSV or XLSX by content, rows one by one
values    texts to numbers and dates, and what a column's notation is
mapping   which column is meant by which field
export    CSV and XLSX that no spreadsheet takes for a formula
"""
