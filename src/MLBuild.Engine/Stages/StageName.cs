namespace MLBuild.Engine.Stages;

/// <summary>The name of a stage: the target's name. Also a folder under <c>artifacts/</c>.</summary>
/// <remarks>A class, because collections of a struct would be compiled anew at each start.</remarks>
public sealed record StageName : IComparable<StageName>
{
    private readonly string _text;

    /// <exception cref="PipelineException">The name has other characters than letters, digits and <c>_</c>.</exception>
    public StageName(string text) =>
        _text = text is { Length: > 0 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        ? text
        : throw new PipelineException($"'{text}' cannot name a stage: use letters, digits and '_'.");

    public int CompareTo(StageName? other) => string.CompareOrdinal(_text, other?._text);

    public override string ToString() => _text;
}
