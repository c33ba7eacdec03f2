namespace MLBuild.Engine.Stages;

/// <summary>The piece of work that is cached: a stage, or one partition of it.</summary>
public sealed record StageUnit(Stage Stage, PartitionSource? For)
{
    public string? Partition => For?.Key;

    public SourceFile? Source => (For as PartitionSource.File)?.Source;

    /// <summary><c>Train</c>, or <c>Ingest/2019-02</c>: also its path under <c>artifacts/</c>.</summary>
    public string Name { get; } = For is null ? Stage.Name.ToString() : $"{Stage.Name}/{For.Key}";

    public override string ToString() => Name;
}
