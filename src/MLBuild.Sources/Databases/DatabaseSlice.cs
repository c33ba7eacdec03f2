using MLBuild.Engine.Stages;

namespace MLBuild.Sources.Databases;

/// <summary>Rows between two values of the high-water column, as they were when the stage was planned. A slice in which
/// nothing changed is equal to itself in the next run, so that it is not fetched again.</summary>
/// <param name="PartitionName"><c>2019-02</c>, <c>0000000000000100000</c>.</param>
/// <param name="From">The lowest value, as the database writes it.</param>
/// <param name="Rows">How many there are.</param>
/// <param name="HighestMark">The highest value that is there: what comes later is left to the next run.</param>
/// <param name="Columns">Names and types of the columns: a table that was altered is fetched anew.</param>
public sealed record DatabaseSlice(
    string PartitionName, string From, long Rows, string HighestMark, IReadOnlyList<string> Columns)
    : INamedPoint;

/// <summary>Lists the slices there are, for a stage's <c>ForEach</c>.</summary>
public static class DatabaseSlices
{
    /// <summary>One query that counts the rows of each slice. An index on the high-water column makes it cheap; without
    /// one the server reads all rows. Rows that move to another slice, because they were updated, change both.
    /// </summary>
    /// <param name="options">With HighWater and Slices.</param>
    /// <param name="password">The value of the options' PasswordSecret.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SourceFaultException">The database cannot be read, or is not as the options say.</exception>
    public static IReadOnlyList<DatabaseSlice> List(DatabaseOptions options, string? password = null)
    {
        options.Validate();
        if (options.Slices is not { } width)
            throw new ArgumentException("DatabaseOptions: Slices is not set, so there are none to list.");
        using var session = DatabaseSession.Open(options, password);
        return session.Translated(() => session.Slices(width));
    }
}
