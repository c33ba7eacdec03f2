namespace SupportTickets.Tests;

/// <summary>What is not good enough is not deployed.</summary>
public sealed class RefusingModels
{
    [UnixFact]
    public void ABadModelDoesNotPassItsGate()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        var register = desk.Run("Register", "--iterations", "2");
        Assert.NotEqual(0, register.ExitCode);
        Assert.Contains(
            "ticket-queue version 2 is registered, but its gate did not pass, so it cannot be deployed.",
            register.Text);
        Assert.Contains("  FAIL          log loss overall: 1.", register.Text);
        Assert.Contains("against the champion's", register.Text);
        Assert.DoesNotContain("RMSE", register.Text);
        var deploy = desk.Run("Deploy", "--model-version", "2");
        Assert.NotEqual(0, deploy.ExitCode);
        Assert.Contains(
            "Version 2 of model 'ticket-queue' was not deployed to 'production': its gate outcome is Failed",
            deploy.Text);
    }

    [UnixFact]
    public void TicketsOfAnUnknownQueueBreakTheContract()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Write("tickets/2024-04.jsonl", new TicketWorld(seed: 4).Export("2024-04").Replace("sales", "robots"));
        var validate = desk.Run("Validate");
        Assert.NotEqual(0, validate.ExitCode);
        Assert.Contains(
            "rows with 'robots', expected only 'billing', 'technical', 'account', 'sales'", validate.Text);
        Assert.Contains("change the contract of CustomerTicket", validate.Text);
    }

    [UnixFact]
    public void LabelsOfACanaryNeedAModelThatTheyAreOf()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        var deploy = desk.Run(
            "Deploy", "--model-version", "1", "--strategy", "canary", "--canary-labels", desk.PathOf("tickets"));
        Assert.NotEqual(0, deploy.ExitCode);
        Assert.Contains(
            "--canary-labels are named, and this build does not say what model they are the labels of. Declare it in "
            + "the build class: IArrivingLabels? IDeployModel.CanaryEvidence => EvidenceFor(…), with the model's "
            + "definition.", deploy.Text);
    }

    [UnixFact]
    public void ARetrainingIsToldThatLabelsDoNotJudgeItsStrategyBeforeThereIsAnythingToDeploy()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        desk.Export("recent/2024-04.jsonl", new(seed: 4), "2024-04");
        var retrain = desk.Run(
            "Retrain", "--recent-tickets", desk.PathOf("recent"), "--strategy", "shadow", "--canary-labels",
            desk.PathOf("tickets"));
        Assert.NotEqual(0, retrain.ExitCode);
        Assert.Contains(
            "--canary-labels judge a canary, and --strategy is shadow. Leave them out, or choose --strategy canary.",
            retrain.Text);
    }

    [UnixFact]
    public void WhatACanaryMustShowIsSaidOnTheCommandLine()
    {
        using var desk = HelpDesk.WithVersion1();
        desk.Run("Deploy", "--model-version", "1").Succeeded();
        var deploy = desk.Run(
            "Deploy", "--model-version", "1", "--strategy", "canary", "--canary-requests", "0");
        Assert.NotEqual(0, deploy.ExitCode);
        Assert.Contains("MinRequests (--canary-requests) is 0", deploy.Text);
    }
}
