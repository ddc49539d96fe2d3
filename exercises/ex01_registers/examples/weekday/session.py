from weekday import weekday, by_the_cpu
[weekday(day) for day in (-8, -7, -1, 0, 6, 7)]
[by_the_cpu(day) for day in (-8, -7, -1, 0, 6, 7)]
