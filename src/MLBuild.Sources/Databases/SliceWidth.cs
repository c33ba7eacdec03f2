namespace MLBuild.Sources.Databases;

/// <summary>Into which slices a table is cut along its high-water column; each is fetched and cached by itself.
/// </summary>
public abstract record SliceWidth
{
    private SliceWidth()
    {
    }

    /// <summary>Days, months or years of a time; of a time with a zone, in UTC.</summary>
    public sealed record Calendar(CalendarUnit Unit) : SliceWidth;

    /// <summary>This many whole numbers: 0 to <paramref name="Width"/> - 1, and so on.</summary>
    /// <param name="Width">From 1.</param>
    public sealed record Numbers(long Width) : SliceWidth;
}

/// <summary>A unit of the calendar.</summary>
public enum CalendarUnit
{
    Day,
    Month,
    Year,
}
