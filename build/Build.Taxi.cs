using MLBuild.Learning.Monitoring;
using MLBuild.Nuke;
using MLBuild.Stages.Monitor;
using MLBuild.Stages.Rollouts;
using Nuke.Common;
using Nuke.Common.IO;
using TaxiFares;

/// <summary>What the operations have to know of the example: the model they deploy, the server they start.</summary>
partial class Build
{
    static string ModelName => TaxiModel.Definition.Name;

    MonitorOptions MonitorOptions => new()
    {
        Since = Since is { } since ? LookBack.Parse(since) : null,
        AsOf = AsOf,
        Drift = new() { KnownChanges = TaxiMonitoring.KnownChanges },
        History = Path.Combine(Store, "monitor", ModelName, ServingEnvironment),
    };

    IArrivingLabels? CanaryEvidence => CanaryLabels is [] ? null : ArrivingLabels<TaxiTrip>.Of(
        TaxiModel.Definition, PredictionLog, [.. CanaryLabels.Select(path => path.ToString())], Say);

    AbsolutePath Server => RootDirectory / "src" / "TaxiFares.Server";

    Target Sample => _ => _
        .Description("Makes the sample trips in data/ anew")
        .Executes(() => SampleTrips.Write(RootDirectory / "data"));
}
