using MLBuild.Engine.Stages;
using MLBuild.Learning.Rows;
using MLBuild.Stages.Ingest;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Tables;

namespace SupportTickets;

/// <summary>How many tickets of a file found their customer.</summary>
public sealed record JoinReport(long Tickets, long WithoutCustomer);

/// <summary>Gives each ticket its customer's plan, country and date. A ticket whose customer is not there stays,
/// without them: it has to be answered too, and the contract says how many of these there may be.</summary>
public static class JoinStage
{
    public const string Report = "join.json";

    /// <summary>What the stage writes: rows as those of an ingestion, and what became of them.</summary>
    public static readonly string[] Outputs = [IngestStage.Rows, IngestStage.Report, Report];

    /// <param name="tickets">The stage that has read them.</param>
    public static void Run(StageRun run, string tickets)
    {
        var customers = RowTable.Read<Customer>(run.Input($"Customers/{IngestStage.Rows}"))
            .ToDictionary(customer => customer.Row.Id, customer => customer.Row);
        var without = 0L;
        var rows = RowTable.Write(
            run.Output(IngestStage.Rows),
            RowTable.Read<Ticket>(run.Input($"{tickets}/{IngestStage.Rows}")).Select(ticket =>
            {
                run.Cancel.ThrowIfCancellationRequested();
                var customer = customers.GetValueOrDefault(ticket.Row.Customer);
                if (customer is null)
                    without++;
                return new SourceRow<CustomerTicket>(Joined(ticket.Row, customer), ticket.File, ticket.Line);
            }));
        var ingested = ReportFile.Read<IngestReport>(run.Input($"{tickets}/{IngestStage.Report}"));
        ReportFile.Write(run.Output(IngestStage.Report), ingested with
        {
            Columns = [.. RowSchema<CustomerTicket>.Instance.Columns.Select(column => column.Name)],
        });
        ReportFile.Write(run.Output(Report), new JoinReport(rows, without));
        run.Log(FormattableString.Invariant($"{rows:N0} tickets, {without:N0} without a customer"));
    }

    private static CustomerTicket Joined(Ticket ticket, Customer? customer) => new()
    {
        Id = ticket.Id,
        OpenedAt = ticket.OpenedAt,
        Channel = ticket.Channel,
        Text = ticket.Text,
        Plan = customer?.Plan,
        Country = customer?.Country,
        CustomerSince = customer?.Since,
        Queue = ticket.Queue,
    };
}
