namespace MLBuild.Engine.Stages;

/// <summary>The piece of work that is cached: a stage, or one partition of it.</summary>
public sealed record StageUnit(Stage Stage, SourceFile? Source)
{
    public string? Partition => Source?.Key;

    /// <summary><c>Train</c>, or <c>Ingest/2019-02</c>: also its path under <c>artifacts/</c>.</summary>
    public string Name => Partition is null ? Stage.Name.ToString() : $"{Stage.Name}/{Partition}";

    public override string ToString() => Name;

    /// <summary>The units of a stage: itself, or one for each source file there is now.</summary>
    /// <exception cref="SourceException">Two source files would be the same partition.</exception>
    internal static StageUnit[] Of(Stage stage)
    {
        if (stage.Sources is null)
            return [new(stage, null)];
        var sources = stage.Sources();
        foreach (var twice in sources.GroupBy(source => source.Key, StringComparer.Ordinal)
            .Where(group => group.Count() > 1))
            throw new SourceException(
                $"Stage '{stage.Name}' has {twice.Count()} source files with the key '{twice.Key}': " +
                $"{string.Join(", ", twice.Select(source => $"'{source.Path}'"))}. Each partition needs a key of its " +
                $"own.");
        return [.. sources.Select(source => new StageUnit(stage, source))];
    }
}
