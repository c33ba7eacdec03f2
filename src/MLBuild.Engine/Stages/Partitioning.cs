using System.Globalization;
using MLBuild.Engine.Recipes;

namespace MLBuild.Engine.Stages;

/// <summary>What a stage has one cached piece of work for.</summary>
public abstract record Partitioning
{
    private Partitioning()
    {
    }

    /// <summary>One for each source file there is when the stage is planned.</summary>
    public sealed record Files(Func<IReadOnlyList<SourceFile>> Find) : Partitioning;

    /// <summary>One for each point of a matrix: folds, hyper-parameters, regions. The value reaches the code through
    /// the stage's options, so what counts of it is in the recipe.</summary>
    public sealed record Points(Func<IEnumerable<object>> List) : Partitioning;

    /// <summary>One for each partition of another stage, which reads that partition only.</summary>
    public sealed record SameAs(StageName Stage) : Partitioning;
}

/// <summary>A matrix point that names its partition itself, so that the name can stay while other members change: a
/// month of a table, whatever was written into it since.</summary>
public interface INamedPoint
{
    /// <summary>1 to 150 letters, digits and <c>-_.=,</c>; others become <c>_</c>.</summary>
    string PartitionName { get; }
}

/// <summary>What one partition is for.</summary>
/// <param name="Key">Unique within the stage; also its folder under <c>artifacts/</c>.</param>
/// <param name="Value">The matrix point, or null.</param>
public abstract record PartitionSource(string Key, object? Value)
{
    public sealed record File(SourceFile Source) : PartitionSource(Source.Key, null);

    public sealed record Point(string Key, object? Value) : PartitionSource(Key, Value);

    /// <summary>A matrix point; its key says its members, <c>Fold=0,LearningRate=0.1</c>, unless it names
    /// itself.</summary>
    /// <exception cref="SourceException">The value cannot name a partition.</exception>
    public static Point Of(object value)
    {
        var key = string.Concat(Text(value).Select(c => SourceFile.IsKeyCharacter(c) ? c : '_'));
        return key.Any(c => c is not '.') && key.Length <= MostCharacters
            ? new(key, value)
            : throw new SourceException($"The matrix point '{key}' cannot name a partition: its text must have 1 to " +
                $"{MostCharacters} characters. Use a number, a text, an enum or a record with few members.");
    }

    private const int MostCharacters = 150;

    private static string Text(object value) => value switch
    {
        INamedPoint named => named.PartitionName,
        string text => text,
        Enum choice => choice.ToString(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => string.Join(',', ParameterEntries.Of(value).Where(entry => entry.Type is not ("record" or "list"))
            .Select(entry => $"{entry.Name}={entry.Value}")),
    };
}
