using System.Globalization;

namespace MLBuild.Stages.Ingest;

/// <summary>How much of some ingested files could not be read, against the part that may be.</summary>
internal static class QuarantineLimit
{
    private const int FilesShown = 3;

    /// <exception cref="ArgumentException">The limit is no share.</exception>
    public static void Validate(double maxQuarantined)
    {
        // Not a number would be below no limit: nothing would ever be too much.
        if (maxQuarantined is not (>= 0 and <= 1))
            throw new ArgumentException(
                FormattableString.Invariant($"MaxQuarantined is {maxQuarantined}, expected 0 to 1."));
    }

    /// <summary>Unreadable lines among all lines, 0..1; 0 where there are no lines.</summary>
    public static double Share(IReadOnlyList<IngestReport> files) =>
        files.Sum(file => file.RowsRead) is > 0 and var lines ? (double)files.Sum(file => file.Quarantined) / lines : 0;

    /// <returns>Where too much could not be read and what to do, or null where it is not too much.</returns>
    public static string? Fault(IReadOnlyList<IngestReport> files, double maxQuarantined)
    {
        var share = Share(files);
        if (share <= maxQuarantined)
            return null;
        var worst = files.Where(file => file.Quarantined > 0)
            .OrderByDescending(file => file.Quarantined)
            .Take(FilesShown)
            .Select(file => string.Create(
                CultureInfo.InvariantCulture,
                $"\n  {file.File}: {file.Quarantined:N0} of {file.RowsRead:N0}. First: {file.FirstFault}"));
        return string.Create(CultureInfo.InvariantCulture, $"{share:P2} of the lines could not be read, ")
            + string.Create(CultureInfo.InvariantCulture, $"the limit is {maxQuarantined:P2}.")
            + string.Concat(worst)
            + $"\nEach is in its file's {IngestStage.Quarantine}, with line, column and value. "
            + "Mend the files, or raise MaxQuarantined of the stage's options.";
    }
}
