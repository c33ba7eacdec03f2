using System.Collections.Immutable;

namespace MLBuild.Learning.Features;

/// <summary>What a feature's numbers are about, where its name and they alone do not say it.</summary>
/// <param name="Text">Of a slot of words the name of their text; else null.</param>
/// <param name="Values">Of a code the texts that it stands for, by code; every other text has the code behind the last.
/// Else empty.</param>
public sealed record FeatureMeaning(string? Text, ImmutableArray<string> Values)
{
    public static FeatureMeaning Itself => new(null, []);
}
