using MLBuild.Learning.Contracts;
using MLBuild.Learning.Duplicates;

namespace SupportTickets;

/// <summary>When two rows are about one thing, and what tickets with their customers must satisfy.</summary>
public static class TicketContract
{
    public static readonly DuplicateRules<Ticket> Tickets =
        DuplicateRules.ByKey<Ticket>(ticket => ticket.Id).PrefersLatest(ticket => ticket.ChangedAt);

    public static readonly DuplicateRules<Customer> Customers = DuplicateRules.ByKey<Customer>(customer => customer.Id);

    public static Contract<CustomerTicket> Rules => Contract.For<CustomerTicket>()
        .Rows(min: 500)
        .Unique("one row a ticket", 0, ticket => ticket.Id)
        .Row("ticket before its customer", 0.005, (ticket, _) => ticket.OpenedAt < ticket.CustomerSince,
            ticket => ticket.OpenedAt, ticket => ticket.CustomerSince)
        .Row("no text", 0.01, (ticket, _) => string.IsNullOrWhiteSpace(ticket.Text), ticket => ticket.Text)
        .Column(ticket => ticket.Channel, channel => channel.Categories("mail", "chat", "phone", "web"))
        // Tickets of customers that the database does not have.
        .Column(ticket => ticket.Plan, plan => plan.NullRatio(max: 0.05).Categories("free", "team", "enterprise"))
        .Column(ticket => ticket.Country, country => country.NullRatio(max: 0.05))
        .Column(ticket => ticket.Queue, queue => queue.NullRatio(max: 0)
            .Categories("billing", "technical", "account", "sales"))
        .OnlyInTraining(ticket => ticket.Queue)
        .Warning(warn => warn.SteadyRows());
}
