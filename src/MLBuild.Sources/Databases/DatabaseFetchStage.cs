using System.Globalization;
using MLBuild.Engine.Stages;
using MLBuild.Stages.Reports;

namespace MLBuild.Sources.Databases;

/// <summary>Fetches the rows of a table or query as a snapshot: typed rows of one moment, in the order of their key.
/// The rows are streamed; a row group is all that is held in memory.</summary>
public static class DatabaseFetchStage
{
    public const string Rows = "rows.parquet";
    public const string Report = "fetch.json";

    /// <summary>What a stage without slices observes: <c>.Observes(DatabaseFetchStage.Observation, run =>
    /// DatabaseProbe.Of(options, run))</c>.</summary>
    public const string Observation = "database";

    /// <summary>What the stage writes.</summary>
    public static readonly string[] Outputs = [Rows, Report];

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SourceFaultException">The rows cannot be read, are not as the options say, or are no longer
    /// those that the stage was planned for.</exception>
    public static void Run(StageRun run, DatabaseFetchOptions options)
    {
        var database = options.Database;
        database.Validate();
        var report = run.Output(Report);
        var password = database.Place is DatabasePlace.PostgreSql { PasswordSecret: { } secret }
            ? run.Secret(secret)
            : null;
        var promise = options.Slice is { } slice
            ? Promise.Of(slice)
            : Promise.Of(database, run.Observed(Observation));
        using var session = DatabaseSession.Open(database, password, run.Cancel);
        var snapshot = new DatabaseSnapshot(session, database);
        var rows = snapshot.Write(run.Output(Rows), promise, run.Cancel);
        ReportFile.Write(report, snapshot.Report(promise, rows, options.Slice));
        run.Log(string.Create(CultureInfo.InvariantCulture, $"{rows.Count:N0} rows of {database.Content}, "
            + $"{rows.RepeatedKeys:N0} with a repeated key, from {session.ServerVersion}"));
    }
}
