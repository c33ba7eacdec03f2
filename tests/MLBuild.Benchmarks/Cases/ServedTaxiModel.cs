using System.Diagnostics;
using System.Globalization;
using MLBuild.Benchmarks.Builds;
using MLBuild.Benchmarks.Measuring;
using MLBuild.Engine.Code;
using MLBuild.Learning.Features;
using MLBuild.Learning.Models;
using MLBuild.Registry;
using MLBuild.Store;
using TaxiFares;

namespace MLBuild.Benchmarks.Cases;

/// <summary>The taxi server as a process of its own, with a model of the pipeline's own size (300 trees of 127 leaves)
/// that was trained on made-up trips.</summary>
internal sealed class ServedTaxiModel : IDisposable
{
    private const int TrainingTrips = 50_000;

    private readonly Process _process;

    public ServedTaxiModel(string folder, bool isLogged)
    {
        var store = Path.Combine(folder, "store");
        Directory.CreateDirectory(store);
        var registry = Path.Combine(store, "registry.db");
        Deploy(new LocalArtifactStore(store), new SqliteModelRegistry(registry, TimeProvider.System), folder);
        new Command(Repository.Root, "dotnet", "build", "src/TaxiFares.Server", "-c", "Release", "--nologo").Run();
        var server = Path.Combine(Repository.Root, "src/TaxiFares.Server/bin/Release/net10.0/TaxiFares.Server.dll");
        string[] log = isLogged ? ["--prediction-log", Path.Combine(folder, "predictions")] : [];
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [server, "--store", store, "--registry", registry, "--urls", "http://127.0.0.1:0", .. log])
        {
            RedirectStandardOutput = true,
        })!;
        var said = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The server did not start.");
        Port = int.Parse(said[(said.LastIndexOf(':') + 1)..].TrimEnd('.'), CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    /// <summary>What the server's threads have taken so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>A trip as a client sends it.</summary>
    public static string Json(int i)
    {
        var trip = Trip(i);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"vendor_id":{{trip.VendorId}},"pickup_datetime":"{{trip.PickupAt:yyyy-MM-dd HH:mm:ss}}",
            "passenger_count":{{trip.PassengerCount}},"trip_distance":{{trip.TripDistance}},
            "rate_code_id":{{trip.RateCode}},"pickup_location_id":{{trip.PickupZone}},
            "dropoff_location_id":{{trip.DropoffZone}}}
            """);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static void Deploy(LocalArtifactStore store, IModelRegistry registry, string folder)
    {
        var features = TaxiModel.Features;
        var values = new float[TrainingTrips * features.Width];
        var fares = new double[TrainingTrips];
        var computer = features.Using(FeatureState.None);
        for (var i = 0; i < TrainingTrips; i++)
        {
            var trip = Trip(i);
            computer.Compute(trip, values.AsSpan(i * features.Width, features.Width));
            fares[i] = trip.FareAmount;
        }
        var source = new FeaturesInMemory(features.Schema, values, fares);
        var bytes = ModelTraining.Train(source, new()).CanonicalModel;
        var model = ScoringModel.Load(new MemoryStream(bytes));
        var code = ReachabilityFingerprint.OfThisProgram().OfFunction("features of TaxiTrip", features.Serve);
        var path = Path.Combine(folder, "model.zip");
        File.WriteAllBytes(path, bytes);
        var evidence = new Evidence(
            ContentHash.Of("recipe"), ContentHash.Of("evaluation"), GateOutcome.Passed, new([]),
            new(
            [
                new("golden.json", store.AddText(GoldenRows.Choose(model, source, 100).ToJson())),
                new("features.code.txt", store.AddText(code.Text)),
            ]));
        registry.Register(new(TaxiModel.Name, store.Add(path).Hash, evidence, "bench"));
        registry.Deploy(new(TaxiModel.Name, "production", 1, "bench", "to measure"));
    }

    // Spread over what trips are, with a fare that follows from them and is not simple.
    private static TaxiTrip Trip(int i)
    {
        var distance = 0.5 + i * 7919 % 2003 / 100.0;
        var at = new DateTime(2019, 1, 1).AddMinutes(i * 104_729L % 80_000);
        return new()
        {
            VendorId = 1 + i % 2,
            PickupAt = at,
            DropoffAt = at.AddMinutes(3 * distance),
            PassengerCount = 1 + i % 6,
            TripDistance = distance,
            RateCode = 1 + i % 37 / 36,
            PickupZone = 1 + i * 31 % 263,
            DropoffZone = 1 + i * 57 % 263,
            FareAmount = 2.5 + 2.5 * distance + at.Hour % 7 * distance / 10 + i * 31 % 263 / 50.0 + i % 11 / 10.0,
        };
    }
}
