from power_of_two import power_of_two
[n for n in range(70) if power_of_two(n)]
power_of_two(2**63), power_of_two(2**63 + 2)
