from route import first_stop, total_minutes, put_first, put_after
total_minutes(first_stop())
total_minutes(0)
from array import array
airport = array("q", [20, 0])
line = put_first(airport.buffer_info()[0], first_stop())
airport[1] == first_stop()
total_minutes(line)
zoo = array("q", [4, 0])
put_after(zoo.buffer_info()[0], first_stop())
total_minutes(line)
