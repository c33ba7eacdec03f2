namespace MLBuild.Engine.Stages;

/// <summary>The piece of work that is cached: a stage, or one partition of it.</summary>
public sealed record StageUnit(Stage Stage, SourceFile? Source)
{
    public string? Partition => Source?.Key;

    /// <summary><c>Train</c>, or <c>Ingest/2019-02</c>: also its path under <c>artifacts/</c>.</summary>
    public string Name => Partition is null ? Stage.Name.ToString() : $"{Stage.Name}/{Partition}";

    public override string ToString() => Name;
}
