using MLBuild.Learning.Rows;

namespace MLBuild.Sources.Databases;

/// <summary>A column of what is read, as the database describes it.</summary>
/// <param name="Type">In the database's own words: <c>numeric(10,2)</c>.</param>
/// <param name="Kind">How it is stored, or null where it cannot be.</param>
/// <param name="Expression">What is selected for it.</param>
/// <param name="Order">What its rows are ordered by, the same in every locale.</param>
internal sealed record SourceColumn(
    string Name, string Type, bool IsNullable, StorageKind? Kind, string Expression, string Order)
{
    /// <summary>Of decimals: digits behind the point.</summary>
    public int Scale { get; init; }

    public override string ToString() => IsNullable ? $"{Name} {Type}" : $"{Name} {Type} not null";

    /// <summary>The scale of <c>numeric(p,s)</c>, as far as a table has it; of <c>numeric</c> alone a table's default.
    /// A value that does not fit is a fault when it is met.</summary>
    public static int ScaleOf(int? precision, int? scale) => precision is null
        ? DecimalScale.Default
        : Math.Clamp(scale ?? 0, 0, DecimalScale.Largest);
}

/// <summary>The types that a database's types become.</summary>
internal enum StorageKind
{
    Boolean,
    Int32,
    Int64,
    Double,
    Decimal,
    Text,

    /// <summary>A day.</summary>
    Date,

    /// <summary>A day and time without a zone.</summary>
    Time,

    /// <summary>An instant, kept as the day and time in UTC.</summary>
    Instant,
}
