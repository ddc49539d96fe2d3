from birthday import birthday
birthday()
birthday() + 10
birthday(2)  # message
