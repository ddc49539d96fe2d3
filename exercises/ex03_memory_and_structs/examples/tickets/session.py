from tickets import next_ticket, start_after, tickets_sold
tickets_sold()
next_ticket()
next_ticket()
start_after(500)
next_ticket()
tickets_sold()
