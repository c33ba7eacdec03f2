namespace SupportTickets.Tests;

/// <summary>What runs again after a change, in a graph of two sources.</summary>
public sealed class RerunningTickets
{
    [UnixFact]
    public void NothingRunsTheSecondTime()
    {
        using var desk = HelpDesk.WithVersion1();
        // Its database is in another place.
        Assert.Equal(["FetchCustomers", "Register"], desk.Register().Ran);
        Assert.Equal(["Register"], desk.Register().Ran);
        Assert.Contains("nothing to do: 9 stages up to date",
            desk.Run("Train", "--options-from", "Sweep").Succeeded().Text);
    }

    [UnixFact]
    public void AnotherPlanOfACustomerReadsNoTicketAgain()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Register();
        desk.Change("UPDATE customers SET plan = 'enterprise' WHERE plan = 'team' AND id < 100");
        Assert.Equal(
            [
                "FetchCustomers", "Customers", "Join 3 of 3 partitions", "Validate", "Split", "Features", "Train",
                "Evaluate", "Card", "Reference", "Register",
            ],
            desk.Register().Ran.OrderBy(Place));
    }

    [UnixFact]
    public void WhatTheModelDoesNotLookAtChangesNothing()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Register();
        // A customer without a ticket.
        desk.Change("INSERT INTO customers VALUES (777, 'free', 'de', '2024-01-01 00:00:00')");
        Assert.Equal(
            ["FetchCustomers", "Customers", "Join 3 of 3 partitions", "Register"], desk.Register().Ran.OrderBy(Place));
    }

    [UnixFact]
    public void AnotherMonthIsReadAlone()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Register();
        desk.AddMonth("2024-04", new(seed: 4));
        var ran = desk.Run("Validate").Succeeded().Ran.ToArray();
        Assert.Equal(
            ["Clean 1 of 4 partitions", "Ingest 1 of 4 partitions", "Join 1 of 4 partitions", "Validate"],
            ran.OrderBy(Place));
    }

    [UnixFact]
    public void AScriptThatWritesTheSameStopsThere()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Register();
        desk.Write("clean.awk", File.ReadAllText(desk.PathOf("clean.awk")) + "# Kept short.\n");
        Assert.Equal(["Clean 3 of 3 partitions", "Register"], desk.Register().Ran.OrderBy(Place));
    }

    [UnixFact]
    public void AllIsMadeAgainBitForBit()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Train", "--options-from", "Sweep").Succeeded();
        var text = desk.Run("Reproduce", "--of-stage", "Train", "--options-from", "Sweep", "--deep").Succeeded().Text;
        foreach (var stage in (string[])
            ["Clean/2024-01", "FetchCustomers", "Join/2024-03", "Validate", "Features", "Train"])
            Assert.Contains($"{stage}: reproduced bit for bit", text);
    }

    private static int Place(string ran) => Array.IndexOf(
        [
            "Clean", "Ingest", "FetchCustomers", "Customers", "Join", "Validate", "Split", "Features", "Train",
            "Evaluate", "Card", "Reference", "Register",
        ],
        ran.Split(' ')[0]);
}
