using System.Text.Json.Serialization;
using MLBuild.Learning.Contracts;
using MLBuild.Learning.Drift;

namespace MLBuild.Stages.Monitor;

/// <summary>What recent rows say about the model that serves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MonitorVerdict>))]
public enum MonitorVerdict
{
    /// <summary>The rows look like those the model was trained on.</summary>
    Fine,

    /// <summary>Features or predictions have moved by more than chance and more than a little.</summary>
    Drift,

    /// <summary>Too many lines cannot be read, or the rows break the contract: mend the data, and do not learn from
    /// it.</summary>
    BadData,

    /// <summary>There are too few rows to say.</summary>
    NotEnoughData,
}

/// <summary>What monitoring found, and what it is based on.</summary>
/// <param name="Version">The version that serves, whose training profile the rows are compared with.</param>
/// <param name="QuarantinedShare">Unreadable lines among all lines, 0..1.</param>
/// <param name="Contract">The rows against the contract of training data.</param>
public sealed record MonitorReport(
    int Version, MonitorVerdict Verdict, double QuarantinedShare, ContractReport Contract, DriftReport Drift);
