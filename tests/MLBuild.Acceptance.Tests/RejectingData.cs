namespace MLBuild.Acceptance.Tests;

/// <summary>Data that cannot be learned from fails by name and loses nothing: what was good before stays, and once the
/// data is mended nothing runs again.</summary>
public sealed class RejectingData
{
    private const string File = "data/2019-01.csv";

    private const string Columns =
        "vendor_id, pickup_datetime, dropoff_datetime, passenger_count, trip_distance, rate_code_id, " +
        "store_and_fwd_flag, " +
        "pickup_location_id, dropoff_location_id, payment_type, fare_amount, extra, mta_tax, tip_amount, " +
        "tolls_amount, " +
        "improvement_surcharge, total_amount, congestion_surcharge";

    private const string Kinds = ".csv, .tsv, .tab, .jsonl, .ndjson, .csv.gz, .tsv.gz, .tab.gz, .jsonl.gz, " +
        ".ndjson.gz, .parquet or .zip";

    private static readonly string Good = TaxiProject.SampleOf("2019-01");

    [Fact]
    public void FolderThatDoesNotExist() => Assert.Equal(
        ["--data 'ROOT/nowhere' does not exist. " +
            $"Name a file, a folder with {Kinds} files, or a glob such as 'trips/2019-*.csv'."],
        Rejected(_ => { }, "--data", "nowhere"));

    [Fact]
    public void FolderWithoutRows() => Assert.Equal(
        [$"--data 'ROOT/.nuke' has no {Kinds} file. Name such a file, a folder of them, or a glob such as " +
        "'trips/2019-*.csv'."],
        Rejected(_ => { }, "--data", ".nuke"));

    [Fact]
    public void MissingColumn() => Assert.Equal(
        OfOneFile($"'2019-01.csv' lacks 'fare_amount'. Its columns are {Columns.Replace(" fare_amount,", "")}."),
        Rejected(project => project.Write(File, WithoutField(Good, 10))));

    [Fact]
    public void RenamedColumn() => Assert.Equal(
        OfOneFile(
            "'2019-01.csv' lacks 'fare_amount'. Were they renamed: 'fare_amount' to 'fare_amnt'? " +
            $"Its columns are {Columns.Replace("fare_amount", "fare_amnt")}."),
        Rejected(project => project.Write(File, Good.Replace("fare_amount", "fare_amnt"))));

    [Fact]
    public void AdditionalColumn() => Assert.Equal(
        [
            "Data breaks its contract: 1 of 315 checks failed (2,991 rows, 2 files).",
            "  columns  1 of 2 files differ from the row type",
            "      2019-01.csv: unexpected 'weather'",
            "284 comparisons had not enough history.",
            "If the data is wrong: mend it at its source and ingest it again.",
            "If the data is right: change the contract of TaxiTrip and say why in the commit.",
            "If a column is meant: add it to TaxiTrip, or name it in AllowsExtraColumns or AllowsMissingColumns.",
            "Its log and what it had written: ROOT/.nuke/mlbuild/failed/Validate",
        ],
        Rejected(project =>
            project.Write(File, Good.Replace("\n", ",1\n").Replace("surcharge,1\n", "surcharge,weather\n"))));

    [Fact]
    public void EmptyFile() => Assert.Equal(
        OfOneFile($"'2019-01.csv' is empty: expected a header line with {Columns}."),
        Rejected(project => project.Write(File, "")));

    [Fact]
    public void BinaryFile() => Assert.Equal(
        OfOneFile("'2019-01.csv' is not text: byte 4 is zero. Expected CSV in UTF-8."),
        Rejected(project => System.IO.File.WriteAllBytes(project.PathOf(File), [0x50, 0x4b, 0x03, 0x00, 0xff, 0xfe])));

    [Fact]
    public void LettersInANumberColumn() => Assert.Equal(
        [
            "50.00 % of the lines could not be read, the limit is 1.00 %.",
            "  2019-01.csv: 1,500 of 1,500. First: 2019-01.csv line 2: column 'vendor_id' is 'CMT', " +
            "expected a whole number of 32 bits.",
            "Each is in its file's quarantine.csv, with line, column and value. Mend the files, or raise " +
            "MaxQuarantined of the stage's options.",
            "Its log and what it had written: ROOT/.nuke/mlbuild/failed/Validate",
        ],
        Rejected(project => project.Write(File, Good.Replace("\n2,", "\nCMT,").Replace("\n,", "\nCMT,"))));

    [Fact]
    public void TooFewTrips() => Assert.Equal(
        [
            "Data breaks its contract: 1 of 172 checks failed (999 rows, 1 file).",
            "  rows  990, expected at least 1,000",
        ],
        Rejected(
            project => project.Write("data/few/2019-01.csv", string.Concat(
                Good.Split('\n').Where(line => !line.Contains(",-")).Take(1_000).Select(line => line + "\n"))),
            "--data", "data/few/2019-01.csv").Take(2));

    [Fact]
    public void ColumnsInAnotherOrderAreTheSameTrips()
    {
        using var project = TaxiProject.Trained();
        project.Write(File,
            string.Concat(Good.Split('\n')[..^1].Select(line => string.Join(',', line.Split(',').Reverse()) + "\n")));
        var run = project.Run("Train").Succeeded();
        // The header is part of the report, so the contract is checked again; the rows are equal, so that is where it
        // ends.
        Assert.Equal(["Ingest 1 of 2 partitions", "Validate"], run.Ran);
    }

    [Fact]
    public void UnclosedQuoteCostsOneLine()
    {
        using var project = TaxiProject.Trained();
        var lines = Good.Split('\n');
        lines[699] = lines[699].Replace(",N,", ",\"N,");
        project.Write(File, string.Join('\n', lines));
        var run = project.Run("Train").Succeeded();
        Assert.Contains(run.Log, line =>
            line.StartsWith("2019-01: 1,500 rows, 1 quarantined, ", StringComparison.Ordinal));
        Assert.Contains("2019-01.csv,700,", project.Read("artifacts/Ingest/2019-01/quarantine.csv"));
    }

    private static string[] OfOneFile(string fault) =>
    [
        "1 of 2 partitions failed; the others are kept.",
        $"2019-01: {fault}",
        "Its log and what it had written: ROOT/.nuke/mlbuild/failed/Ingest/2019-01",
    ];

    private static IReadOnlyList<string> Rejected(Action<TaxiProject> spoil, params string[] arguments)
    {
        using var project = TaxiProject.Trained();
        var (artifacts, records) = (project.Artifacts(), project.Records());
        spoil(project);
        if (arguments is [_, var path])
            arguments = [arguments[0], project.PathOf(path)];

        var run = project.Run(["Train", .. arguments]);
        Assert.Equal(255, run.ExitCode);
        Assert.All(records, record => Assert.Equal(record.Value, project.Records()[record.Key]));
        Assert.Equal(artifacts["Train/model.zip"], project.Artifacts()["Train/model.zip"]);

        project.Write(File, Good);
        if (Directory.Exists(project.PathOf("data/few")))
            Directory.Delete(project.PathOf("data/few"), recursive: true);
        Assert.Empty(project.Run("Train").Succeeded().Ran);
        Assert.Equal(artifacts, project.Artifacts());
        return run.Failure;
    }

    private static string WithoutField(string csv, int index) => string.Concat(csv.Split('\n')[..^1]
        .Select(line => line.Split(','))
            .Select(fields => string.Join(',', [.. fields[..index], .. fields[(index + 1)..]]) + "\n"));
}
