namespace MLBuild.Engine.Stages;

/// <summary>The name of a stage: the target's name. Also a folder under <c>artifacts/</c>.</summary>
public readonly record struct StageName : IComparable<StageName>
{
    private readonly string? _text;

    /// <exception cref="PipelineException">The name has other characters than letters, digits and <c>_</c>.</exception>
    public StageName(string text) =>
        _text = text is { Length: > 0 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        ? text
        : throw new PipelineException($"'{text}' cannot name a stage: use letters, digits and '_'.");

    public int CompareTo(StageName other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() =>
        _text ?? throw new InvalidOperationException("BUG: a StageName was used before it was set.");
}
