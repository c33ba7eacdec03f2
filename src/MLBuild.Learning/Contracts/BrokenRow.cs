namespace MLBuild.Learning.Contracts;

/// <summary>A row that is set aside: where it was read, the first rule it breaks, and the values that show
/// it.</summary>
public sealed record BrokenRow(string File, long Line, string Rule, IReadOnlyList<ShownValue> Values)
{
    /// <summary>The columns that show the fault, with commas between; null where the rule names none.</summary>
    public string? Column => Values.Count > 0 ? string.Join(", ", Values.Select(value => value.Column)) : null;

    /// <summary>Their values as people can read them (<see cref="ValueText.Of"/>), with commas between.</summary>
    public string? Value =>
        Values.Count > 0 ? string.Join(", ", Values.Select(value => ValueText.Of(value.Value))) : null;
}
