using System.Globalization;
using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Benchmarks.Reporting;

namespace MLBuild.Benchmarks.Cases;

/// <summary>A million trips in one CSV file, to a typed Parquet table without duplicates and through all checks of the
/// contract, beside a program that does nothing but turn the file into Parquet, and beside pandas and DuckDB doing
/// about the same checks. CPU time is what counts: it is what a busy build server has least of.</summary>
internal static class AtTheDoor
{
    private const int Trips = 1_000_000;
    private const int Rounds = 5;

    public static IEnumerable<Figure> Measure(Place place)
    {
        var (root, folder) = (place.New("door"), place.New("trips"));
        Directory.CreateDirectory(Path.Combine(root, ".nuke"));
        var trips = Path.Combine(folder, "trips.csv");
        var asOf = string.Create(CultureInfo.InvariantCulture, $"{Write(trips, place.Months) + 1}-01-01");
        var known = Path.Combine(root, ".nuke", "mlbuild", "code");
        Launch("Validate").Run(); // compiles, if need be
        var code = File.ReadAllBytes(known);
        var peers = new[] { Pandas(place.New("pandas"), trips, asOf), DuckDb(place.New("duckdb"), trips, asOf) };
        Contender[] contenders =
        [
            new("CSV to Parquet alone", () => new Command(folder, Environment.ProcessPath!,
                [.. Self, "reference", trips, Path.Combine(folder, "reference.parquet")]).Run()),
            new("Ingest: typed, without duplicates", () => Launch("Ingest").Run(), MeetNewData),
            new("Ingest and Validate: all checks", () => Launch("Validate").Run(), MeetNewData),
            new("Ingest, the code new too", () => Launch("Ingest").Run(), () => Results.Forget(root)),
            .. peers.Where(peer => peer.IsInstalled).Select(peer => peer.Contender),
        ];
        var timings = Series.Measure(Rounds, contenders);
        foreach (var figure in contenders.Zip(timings, (contender, taken) => Figure.Of(contender.Name, taken)))
            yield return figure;
        foreach (var (contender, _) in peers.Where(peer => !peer.IsInstalled))
            yield return Figure.NotInstalled(contender.Name);
        yield return Ratio("CPU of Ingest to CSV to Parquet alone", 1, 1.5);
        yield return Ratio("CPU of Ingest and Validate to CSV to Parquet alone", 2, 3);

        Figure Ratio(string what, int of, double limit) => new(
            what, timings[of].MedianCpuMs / timings[0].MedianCpuMs, Unit.Times, new Goal.Below(limit));

        // Data is new at the door every day, the code is not: what a build has read of it is there.
        void MeetNewData()
        {
            Results.Forget(root);
            Directory.CreateDirectory(Path.GetDirectoryName(known)!);
            File.WriteAllBytes(known, code);
        }

        Command Launch(string target) => new(
            Repository.Root, Repository.Launcher, target, "--root", root, "--data", trips, "--as-of", asOf)
        {
            Environment = Repository.Environment,
        };
    }

    // A framework-dependent program is run by its host, which needs the assembly's name.
    private static string[] Self => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [typeof(AtTheDoor).Assembly.Location] : [];

    // The same trips in other years are other trips. Gives the last year in which there are some.
    private static int Write(string path, IReadOnlyList<string> months)
    {
        using var trips = new StreamWriter(path) { NewLine = "\n" };
        trips.WriteLine(File.ReadLines(months[0]).First());
        var (written, last) = (0, 0);
        for (var years = 0; written < Trips; years += 4)
        {
            foreach (var line in months.SelectMany(month => File.ReadLines(month).Skip(1)).Take(Trips - written))
            {
                var fields = line.Split(',');
                for (var at = 1; at <= 2; at++)
                {
                    var year = int.Parse(fields[at].AsSpan(0, 4), CultureInfo.InvariantCulture) + years;
                    fields[at] = string.Create(CultureInfo.InvariantCulture, $"{year}{fields[at].AsSpan(4)}");
                    last = Math.Max(last, year);
                }
                trips.WriteLine(string.Join(',', fields));
                written++;
            }
        }
        return last;
    }

    private static (Contender Contender, bool IsInstalled) Pandas(string folder, string trips, string asOf)
    {
        File.WriteAllText(Path.Combine(folder, "door.py"), PandasScript);
        // There may be several Pythons, and pandas with the second.
        var python = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(path => Path.Combine(path, "python3"))
            .FirstOrDefault(path => File.Exists(path) && Runs(new(folder, path, "-c", "import pandas")));
        return (
            new("pandas: reading and about the same checks", () =>
                new Command(folder, python!, "door.py", trips, asOf).Run()),
            python is not null);
    }

    private static (Contender Contender, bool IsInstalled) DuckDb(string folder, string trips, string asOf)
    {
        File.WriteAllText(Path.Combine(folder, "DuckDb.csproj"), DuckDbProject);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), DuckDbProgram);
        return (
            new("DuckDB, one thread: reading, about the same checks, Parquet", () =>
                new Command(folder, "dotnet", Path.Combine("out", "DuckDb.dll"), trips, asOf, "clean.parquet").Run()),
            Runs(new(folder, "dotnet", "build", "-c", "Release", "-v", "q", "-nologo", "-o", "out")));
    }

    private static bool Runs(Command command)
    {
        try
        {
            command.Run();
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private const string PandasScript = """
        import sys
        import pandas as pd

        trips, as_of = sys.argv[1:]
        t = pd.read_csv(trips, parse_dates=['pickup_datetime', 'dropoff_datetime'])
        key = ['pickup_datetime', 'dropoff_datetime', 'pickup_location_id', 'dropoff_location_id', 'trip_distance']
        twice = t[t.duplicated(key, keep=False)]
        other = twice.assign(fare_amount=-twice.fare_amount, total_amount=-twice.total_amount)
        undone = twice.merge(other, on=key + ['fare_amount', 'total_amount'])
        t = t.sort_values('total_amount', ascending=False, kind='stable').drop_duplicates(key).sort_index()
        minutes = (t.dropoff_datetime - t.pickup_datetime).dt.total_seconds() / 60
        rules = {
            'drop-off before pick-up': minutes < 0,
            'no time or over six hours': (minutes == 0) | (minutes > 360),
            'after the data was drawn': (t.pickup_datetime > as_of) | (t.dropoff_datetime > as_of),
            'negative total': t.total_amount < 0,
            'fare': ~t.fare_amount.between(2.5, 250),
            'distance': ~((t.trip_distance > 0) & (t.trip_distance <= 100)),
            'zone': ~t.pickup_location_id.between(1, 265) | ~t.dropoff_location_id.between(1, 265),
            'passengers': t.passenger_count.notna() & ~t.passenger_count.between(0, 9),
        }
        broken = pd.concat(rules, axis=1)
        clean = t[~broken.any(axis=1)]
        statistics = clean.describe(percentiles=[.01, .05, .25, .5, .75, .95, .99])
        print(len(clean), len(undone), broken.sum().to_dict())
        print(statistics.shape, clean.isna().mean().sum(), clean.nunique().sum())

        """;

    private const string DuckDbProject = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="DuckDB.NET.Data.Full" Version="1.5.6.1" />
          </ItemGroup>
        </Project>

        """;

    private const string DuckDbProgram = """"
        using DuckDB.NET.Data;

        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        Run("set threads = 1");
        Run($"create table t as select * from read_csv('{args[0]}', strict_mode = false)");
        Run("""
            create table kept as select * from t qualify row_number() over (
                partition by pickup_datetime, dropoff_datetime, pickup_location_id, dropoff_location_id, trip_distance
                order by total_amount desc) = 1
            """);
        Run($"""
            create table judged as select *, date_diff('second', pickup_datetime, dropoff_datetime) / 60.0 as minutes,
                minutes < 0 as r1, minutes = 0 or minutes > 360 as r2,
                pickup_datetime > '{args[1]}' or dropoff_datetime > '{args[1]}' as r3, total_amount < 0 as r4,
                not (fare_amount between 2.5 and 250) as r5, not (trip_distance > 0 and trip_distance <= 100) as r6,
                not (pickup_location_id between 1 and 265 and dropoff_location_id between 1 and 265) as r7,
                coalesce(not (passenger_count between 0 and 9), false) as r8
            from kept
            """);
        Run("select sum(r1::int), sum(r2::int), sum(r3::int), sum(r4::int), sum(r5::int), sum(r6::int), " +
            "sum(r7::int), sum(r8::int) from judged");
        Run("create view clean as select * exclude (minutes, r1, r2, r3, r4, r5, r6, r7, r8) from judged " +
            "where not (r1 or r2 or r3 or r4 or r5 or r6 or r7 or r8)");
        Run("summarize clean");
        Run($"copy clean to '{args[2]}' (format parquet, compression snappy)");

        void Run(string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            using var reader = command.ExecuteReader();
            while (reader.Read())
                Console.WriteLine(reader.GetValue(0));
        }

        """";
}
