using Npgsql;

namespace MLBuild.Registry;

/// <summary>A connection string as Npgsql reads it, with what a registry decides itself.</summary>
internal static class PostgreSqlSettings
{
    /// <exception cref="RegistryException"><see cref="RegistryFault.InvalidPlace"/>: Npgsql does not know a keyword or
    /// a value.</exception>
    public static NpgsqlConnectionStringBuilder Of(RegistryPlace.PostgreSql place, int timeoutSeconds)
    {
        var given = place.Settings();
        var unknown = given.Keys.Cast<string>().Where(keyword => !IsKnown(keyword, given[keyword]))
            .Select(keyword => $"'{keyword}'").ToArray();
        if (unknown.Length > 0)
            throw new RegistryException(
                RegistryFault.InvalidPlace,
                $"The connection string of the registry {place} has "
                // What follows a ';' in a password looks like a keyword.
                + (place.HasPassword()
                    ? "a password, and something that Npgsql does not know. A password with ';' in it stands in "
                    + "quotes: Password='…'."
                    : $"{string.Join(" and ", unknown)}, of which Npgsql does not know the name or the value. "
                    + "Correct it, or leave it out."));

        var settings = new NpgsqlConnectionStringBuilder(place.Connection)
        {
            // Few and short calls: a connection that is kept would be lost when its server restarts, and a fleet of
            // model servers would keep as many.
            Pooling = false,
            Multiplexing = false,
            Enlist = false,
            // The transaction sets it.
            SearchPath = null,
            // Longer than the server's own limits, so that it is the server that says which was reached.
            CommandTimeout = timeoutSeconds + 30,
            IncludeErrorDetail = false,
        };
        settings.ApplicationName ??= "MLBuild registry";
        if (!given.ContainsKey(nameof(settings.Timeout)))
            settings.Timeout = timeoutSeconds;
        return settings;
    }

    private static bool IsKnown(string keyword, object? value)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder { [keyword] = value };
            return true;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException or
            InvalidCastException or NotSupportedException)
        {
            return false;
        }
    }
}
