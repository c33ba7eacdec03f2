using MLBuild.Components;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Rollouts;
using Nuke.Common;
using Nuke.Common.IO;
using TaxiFares;

/// <summary>What the operations have to know of the example: the model they deploy, the server they start.</summary>
partial class Build
{
    public string ModelName => TaxiModel.Definition.Name;

    MonitorOptions MonitorOptions => new()
    {
        Since = Since is { } since ? LookBack.Parse(since) : null,
        AsOf = AsOf,
        Drift = new() { KnownChanges = TaxiMonitoring.KnownChanges },
        History = Loop.MonitorHistory,
    };

    IArrivingLabels? IDeployModel.CanaryEvidence => Loop.EvidenceFor(TaxiModel.Definition);

    public AbsolutePath Server => RootDirectory / "src" / "TaxiFares.Server";

    Target Sample => _ => _
        .Description("Makes the sample trips in data/ anew")
        .Executes(() => SampleTrips.Write(RootDirectory / "data"));
}
