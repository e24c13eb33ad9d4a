"""What single definitions cannot show: files that do not fit together.

Each module takes a draft and names faults; none raises for what a file says.
"""
