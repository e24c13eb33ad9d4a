"""Money: who pays, who gains, until when.

Will hold unit costs, benefits by agency, funds and their cycles, pools and contracts.
Nothing is built here yet.
"""
