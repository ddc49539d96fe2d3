from celsius import fahrenheit
fahrenheit(100.0)
fahrenheit(-40.0)
fahrenheit(20)
fahrenheit(float("inf"))
