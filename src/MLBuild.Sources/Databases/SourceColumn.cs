namespace MLBuild.Sources.Databases;

/// <summary>A column of what is read, as the database describes it.</summary>
/// <param name="Type">In the database's own words: <c>numeric(10,2)</c>.</param>
/// <param name="Kind">How it is stored, or null where it cannot be.</param>
/// <param name="Expression">What is selected for it.</param>
/// <param name="Order">What its rows are ordered by, the same in every locale.</param>
internal sealed record SourceColumn(
    string Name, string Type, bool IsNullable, StorageKind? Kind, string Expression, string Order)
{
    /// <summary>Of decimals: digits in all, and behind the point.</summary>
    public (int Precision, int Scale) Digits { get; init; }

    public override string ToString() => IsNullable ? $"{Name} {Type}" : $"{Name} {Type} not null";

    /// <summary>The digits of <c>numeric(p,s)</c>, within what a decimal always holds; of <c>numeric</c> alone, 18
    /// before the point and 10 behind it. A value that does not fit is a fault when it is met.</summary>
    public static (int Precision, int Scale) DigitsOf(int? precision, int? scale) => (precision, scale) switch
    {
        (null, _) => (MostDigits, DefaultScale),
        // PostgreSQL: thousands, or nothing but digits far behind the point.
        (int p, int s and < 0) => (Math.Min(p - s, MostDigits), 0),
        (int p, var s) => (Math.Clamp(p, Math.Max(1, Math.Min(s ?? 0, MostDigits)), MostDigits),
            Math.Min(s ?? 0, MostDigits)),
    };

    private const int MostDigits = 28;
    private const int DefaultScale = 10;
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
