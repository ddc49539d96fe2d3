 # message
answer()
