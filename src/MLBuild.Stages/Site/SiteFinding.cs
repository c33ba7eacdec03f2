using MLBuild.Learning.Contracts;
using MLBuild.Learning.Models;
using MLBuild.Learning.Monitoring;
using MLBuild.Stages.Evaluate;
using MLBuild.Stages.Reports;
using MLBuild.Stages.Train;
using MLBuild.Stages.Validate;
using MLBuild.Store;

namespace MLBuild.Stages.Site;

/// <summary>What a result says of itself, in a form that can be drawn.</summary>
public abstract record SiteFinding
{
    private SiteFinding()
    {
    }

    /// <summary>How training went.</summary>
    public sealed record Course(TrainingCourse Losses, long Rows, string Trainer) : SiteFinding;

    /// <summary>How good the model is.</summary>
    public sealed record Evaluation(EvaluateReport Report) : SiteFinding;

    /// <summary>What the data is like.</summary>
    public sealed record Data(ContractReport Report) : SiteFinding;

    /// <summary>A page that the stage wrote, which is copied.</summary>
    /// <param name="Name">As the stage calls it, with its partition.</param>
    /// <param name="File">The stored bytes, verified.</param>
    public sealed record Page(string Name, ContentHash Hash, string File) : SiteFinding;

    /// <summary>Something that should be here and cannot be read.</summary>
    public sealed record Lost(string Name, string Why) : SiteFinding;

    /// <summary>What an output says; null of one that cannot be drawn.</summary>
    /// <param name="name">The output's name, which tells what it is.</param>
    /// <param name="shown">The name for people.</param>
    internal static SiteFinding? Of(LocalArtifactStore store, string name, string shown, ContentHash hash)
    {
        try
        {
            return name switch
            {
                ValidateStage.Report => new Data(Read<ValidateReport>().Contract),
                EvaluateStage.Report => new Evaluation(Read<EvaluateReport>()),
                TrainStage.Report when Read<TrainReport>() is { Course: { } course } training =>
                    new Course(course, training.Rows, training.Trainer),
                _ when name.EndsWith(".html", StringComparison.Ordinal) =>
                    new Page(shown, hash, store.Verified(hash)),
                _ => null,
            };
        }
        catch (Exception e) when (e is LostArtifactException or FormatException)
        {
            return new Lost(shown, e is FormatException
                ? "It was written by another version of MLBuild." : $"Its bytes {hash.Short} are not in the store.");
        }

        T Read<T>() => ReportFile.Read<T>(store.Verified(hash));
    }
}

/// <summary>What Monitor said of windows of one kind.</summary>
/// <param name="Kind">By what rows were put together.</param>
/// <param name="Reports">In their order.</param>
/// <param name="Unreadable">What cannot be shown, and why.</param>
public sealed record SiteWindows(
    WindowRule Kind, IReadOnlyList<WindowReport> Reports, IReadOnlyList<string> Unreadable);
