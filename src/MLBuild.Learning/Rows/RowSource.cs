namespace MLBuild.Learning.Rows;

/// <summary>Where a row was read: the name of its file, as the data set knows it, and the line there, from 1.</summary>
public readonly record struct RowSource(string File, long Line) : IComparable<RowSource>
{
    public int CompareTo(RowSource other) =>
        string.CompareOrdinal(File, other.File) is var files and not 0 ? files : Line.CompareTo(other.Line);

    public override string ToString() => FormattableString.Invariant($"{File} line {Line}");
}
