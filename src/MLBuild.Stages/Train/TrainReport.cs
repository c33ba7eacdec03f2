using MLBuild.Learning.Models;
using MLBuild.Learning.Splits;
using MLBuild.Stages.Split;

namespace MLBuild.Stages.Train;

/// <summary>Exactly what a model was trained on and how. Which data and code those rows came from is in the stage's
/// recipe. How long it took is in the stage's record and log: here it would make each run's bytes others.</summary>
/// <param name="Rows">From which it learned; those that training was stopped by are not among them. All that a program
/// was given that trained outside.</param>
/// <param name="Options">Every hyper-parameter; null for a team's own trainer or program, which has
/// <see cref="OwnOptions"/>.</param>
/// <param name="Trainer">The library that trained it, with its version.</param>
/// <param name="MachineClass">Operating system and processor: equal inputs give equal bytes within one class.</param>
public sealed record TrainReport(
    long Rows, IReadOnlyList<string> Features, TrainingOptions? Options, string Trainer, string MachineClass)
{
    /// <summary>Every hyper-parameter of a team's own trainer, as the recipe has it; or what a program that trained
    /// outside says of itself.</summary>
    public IReadOnlyDictionary<string, string>? OwnOptions { get; init; }

    /// <summary>The SHA-256 of the feature table that the rows are in.</summary>
    public string? Table { get; init; }

    /// <summary>What was learned.</summary>
    public LearningTaskKind Task { get; init; }

    /// <summary>The numbers of a regression.</summary>
    public LabelSummary? Labels { get; init; }

    /// <summary>Rows of each class, in the order of their labels: of all rows of the table. Null for a
    /// regression.</summary>
    public IReadOnlyDictionary<string, long>? ClassRows { get; init; }

    /// <summary>How the rows were divided from the held-out ones, and the proof of it.</summary>
    public SplitReport? Split { get; init; }

    /// <summary>By which training was stopped.</summary>
    public long ValidationRows { get; init; }

    /// <summary>Which training rows those are.</summary>
    public KeySplit? ValidationSplit { get; init; }

    /// <summary>Losses by iteration; null for a trainer that does not tell.</summary>
    public TrainingCourse? Course { get; init; }

    /// <summary>The version of each library of ML.NET that took part, by name. That of LightGBM's native code is in the
    /// recipe, with all other packages.</summary>
    public IReadOnlyDictionary<string, string>? Packages { get; init; }

    /// <summary><c>.NET 10.0.0</c>.</summary>
    public string? Runtime { get; init; }
}

/// <summary>What the labels of a regression look like, all rows of the table together.</summary>
public sealed record LabelSummary(double Mean, double Smallest, double Largest);
