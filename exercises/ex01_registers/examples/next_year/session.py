from next_year import next_year
next_year(1991), next_year(-1)
next_year(2**31 - 1)
next_year(2**31)  # message
