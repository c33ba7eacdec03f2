using System.Text.Json.Serialization;

namespace MLBuild.Learning.Features;

/// <summary>What comparing served with training features came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SkewVerdict>))]
public enum SkewVerdict
{
    /// <summary>Every feature of every joined row has the same bits.</summary>
    Same,

    /// <summary>Some have not: the model is asked about other rows than it learned from.</summary>
    Skewed,

    /// <summary>No served row has the key of a training row, so nothing is known.</summary>
    NothingJoined,
}

/// <summary>Served rows beside the training rows of the same keys.</summary>
/// <param name="Version">Of the model whose state both were computed with.</param>
/// <param name="Joined">Served rows with the key of one training row.</param>
/// <param name="Mismatched">Those of them where a feature differs.</param>
/// <param name="OnlyInTraining">Training rows that were never served.</param>
/// <param name="OnlyInServing">Served rows whose key no training row has.</param>
/// <param name="Ambiguous">Served rows with a key of training rows that differ among themselves: not compared.</param>
/// <param name="ServedByOthers">Rows that other versions served: not compared.</param>
public sealed record SkewReport(
    int Version, SkewVerdict Verdict, long Joined, long Mismatched, long OnlyInTraining, long OnlyInServing,
    long Ambiguous, long ServedByOthers, IReadOnlyList<FeatureSkew> Features);

/// <summary>One feature of the joined rows.</summary>
/// <param name="Mismatches">Rows where the bits differ. All NaN are one value; 0 and -0 are two.</param>
/// <param name="Examples">The first few.</param>
public sealed record FeatureSkew(string Name, long Mismatches, IReadOnlyList<SkewExample> Examples);

/// <param name="Training">A number that reads back to the same bits.</param>
/// <param name="Served">As <paramref name="Training"/>.</param>
public sealed record SkewExample(string Key, string Training, string Served);
