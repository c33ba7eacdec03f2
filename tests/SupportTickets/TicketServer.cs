using MLBuild.Serving;

namespace SupportTickets;

/// <summary>What a request for a queue has: a new ticket, with its customer's plan and country where these are
/// known.</summary>
public static class TicketServer
{
    public static ServedRow<CustomerTicket> Row =>
        new(["id", "opened_at", "channel", "text", "plan", "country"]) { Contract = TicketContract.Rules };
}
