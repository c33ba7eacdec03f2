namespace MLBuild.Sources.Databases;

/// <summary>Which rows of which database make a snapshot. All of it is in the recipe of the stage that fetches, but
/// for how the place is reached; a password is not part of it.</summary>
public sealed record DatabaseOptions
{
    public required DatabasePlace Place { get; init; }

    public required DatabaseContent Content { get; init; }

    /// <summary>The columns that together name a row. They give the snapshot its order, so that equal rows give equal
    /// bytes, and tell duplicates. At least one.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>A column that never falls and that every insert and update raises: a time of change, a sequence. A time
    /// as text, in SQLite, is written in one ISO form. Null, the default, means there is none: then each look at the
    /// database reads all rows.</summary>
    public string? HighWater { get; init; }

    /// <summary>Cuts the rows along <see cref="HighWater"/>. Null, the default, fetches them in one piece.</summary>
    public SliceWidth? Slices { get; init; }

    /// <summary>Default <see cref="FinerTimes.Refuse"/>.</summary>
    public FinerTimes FinerTimes { get; init; } = FinerTimes.Refuse;

    /// <summary>Default <see cref="RepeatedKeys.Refuse"/>.</summary>
    public RepeatedKeys RepeatedKeys { get; init; } = RepeatedKeys.Refuse;

    /// <exception cref="ArgumentException">Members are out of their ranges; all of them are named.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        switch (Place)
        {
            case DatabasePlace.PostgreSql server:
                Demand("Host", server.Host);
                Demand("Database", server.Database);
                Demand("User", server.User);
                if (server.Port is < 1 or > 65535)
                    faults.Add(FormattableString.Invariant($"Port is {server.Port}, expected 1 to 65535"));
                if (server.PasswordSecret is "")
                    faults.Add("PasswordSecret is empty, expected the name of a secret, or null for no password");
                break;
            case DatabasePlace.Sqlite file:
                Demand("Path", file.Path);
                break;
        }
        var columns = Array.Empty<string>() as IReadOnlyList<string>;
        switch (Content)
        {
            case DatabaseContent.Table table:
                Demand("Table.Name", table.Name);
                if (table.Schema is "")
                    faults.Add("Table.Schema is empty, expected a name, or null for the default");
                columns = table.Columns;
                DemandDistinct("Table.Columns", columns);
                break;
            case DatabaseContent.Query query:
                Demand("Query.Text", query.Text);
                break;
        }
        if (Key.Count == 0)
            faults.Add("Key is empty, expected the columns that name a row: without them rows have no order");
        DemandDistinct("Key", Key);
        if (HighWater is not null)
            Demand("HighWater", HighWater);
        if (columns.Count > 0)
        {
            foreach (var (member, name) in Key.Select(name => ("Key", (string?)name))
                .Append(("HighWater", HighWater)))
            {
                if (!string.IsNullOrEmpty(name) && !columns.Contains(name))
                    faults.Add($"{member} names '{name}', which is not among Table.Columns");
            }
        }
        if (Slices is not null && HighWater is null)
            faults.Add("Slices is set and HighWater is not, along which slices are cut");
        if (Slices is SliceWidth.Numbers { Width: < 1 } numbers)
            faults.Add(FormattableString.Invariant($"Slices.Width is {numbers.Width}, expected 1 or more"));
        if (faults.Count > 0)
            throw new ArgumentException($"DatabaseOptions: {string.Join("; ", faults)}.");

        void Demand(string member, string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
                faults.Add($"{member} is empty");
            else if (text.Contains('\0'))
                faults.Add($"{member} has a NUL character, which no database takes");
        }

        void DemandDistinct(string member, IReadOnlyList<string> names)
        {
            foreach (var name in names.Distinct())
                Demand(member, name);
            foreach (var (name, count) in names.CountBy(name => name).Where(pair => pair.Value > 1))
                faults.Add($"{member} names '{name}' {count} times");
        }
    }
}

/// <summary>What becomes of times with microseconds: a table keeps milliseconds.</summary>
public enum FinerTimes
{
    /// <summary>The first one is a fault.</summary>
    Refuse,

    /// <summary>Cut off, towards the past.</summary>
    Truncate,
}

/// <summary>What becomes of rows with the same key.</summary>
public enum RepeatedKeys
{
    /// <summary>They are a fault, which names the first.</summary>
    Refuse,

    /// <summary>They are kept and counted: a table of versions, deduplicated by a later stage.</summary>
    Keep,
}
