using Microsoft.AspNetCore.Builder;
using MLBuild.Learning.Features;
using MLBuild.Learning.Rows;
using Parquet;
using Parquet.Data;

namespace MLBuild.Serving.Tests;

/// <summary>What a server keeps of its predictions, and what it drops rather than be slow.</summary>
public sealed class LoggingPredictions : IDisposable
{
    private readonly ModelPlace _place = new();

    public LoggingPredictions() => _place.Deploy(RideModel.Trees);

    public void Dispose() => _place.Dispose();

    private string Folder => Path.Combine(_place.Store, "predictions");

    private ServingOptions Options => _place.Options with { PredictionLog = new() { Folder = Folder } };

    private string[] Files => [.. Directory.GetFiles(Folder).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task EveryPredictedRowIsInTheLogWithTheBitsOfItsNumbers()
    {
        var rides = Enumerable.Range(1000, 50).Select(Ride.Number).ToArray();
        await using (var server = await RunningServer.StartAsync(Options))
        {
            await server.PredictAsync(RideJson.Of(rides[..20]));
            await server.PredictAsync(RideJson.Of(rides[20..]));
            await server.PredictAsync("[{}]");
            await server.StopAsync();
        }

        Assert.Matches("^predictions-20261120-083015-[0-9a-z]{11}[.]parquet$", Path.GetFileName(Assert.Single(Files)));
        var columns = await ReadAsync(Files[0]);
        Assert.Equal(
            ["key", "version", "time", "score", .. Ride.Features.Names.Select(name => $"feature_{name}")],
            columns.Keys);
        Assert.Equal(rides.Select(ride => $"{Ride.Definition.Key(ride)}"), columns["key"].Cast<string>());
        Assert.All(columns["version"].Cast<int>(), version => Assert.Equal(1, version));
        Assert.All(
            columns["time"].Cast<DateTime>(), time => Assert.Equal(new(2026, 11, 20, 8, 30, 15), time));
        Assert.Equal(rides.Select(ride => ride.ScoreBy(RideModel.Trees.Model)), columns["score"].Cast<float>());
        var features = rides.Select(ride => Ride.Features.Serve(FeatureState.None, ride)).ToArray();
        foreach (var (i, name) in Ride.Features.Names.Index())
            Assert.Equal(
                features.Select(row => BitConverter.SingleToInt32Bits(row[i])),
                columns[$"feature_{name}"].Cast<float>().Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public async Task AFileIsWrittenWhenItIsFullAndWhenItIsTime()
    {
        await using var server = await RunningServer.StartAsync(_place.Options with
        {
            PredictionLog = new() { Folder = Folder, MaxFileRows = 10 },
        });
        await server.PredictAsync(RideJson.Of(Enumerable.Range(0, 25).Select(Ride.Number)));
        await server.PredictAsync(RideJson.Of(Ride.Number(25)).ToJsonString());
        await server.MetricsOnceAsync("mlbuild_prediction_log_rows_total 25");
        // A request's rows stay together.
        Assert.Single(Files);

        server.Pass(TimeSpan.FromMinutes(1));
        await server.MetricsOnceAsync("mlbuild_prediction_log_rows_total 26");

        var rows = new List<int>();
        foreach (var file in Files)
            rows.Add((await ReadAsync(file))["key"].Count());
        Assert.Equal([1, 25], rows.Order());
    }

    [Fact]
    public async Task ServersShareAFolder()
    {
        await using (var first = await RunningServer.StartAsync(Options))
        await using (var second = await RunningServer.StartAsync(Options))
        {
            await first.PredictAsync(RideJson.Of(Ride.Number(1)).ToJsonString());
            await second.PredictAsync(RideJson.Of(Ride.Number(2)).ToJsonString());
            await Task.WhenAll(first.StopAsync(), second.StopAsync());
        }

        // Each has its own, however close together they write.
        Assert.Equal(2, Files.Length);
        Assert.All(Files, file => Assert.Equal(".parquet", Path.GetExtension(file)));
    }

    [Fact]
    public async Task WhatFindsNoRoomIsDroppedAndCountedAndAnswered()
    {
        await using var server = await RunningServer.StartAsync(_place.Options with
        {
            PredictionLog = new() { Folder = Folder, MaxWaitingRows = 5 },
        });

        var answer = await server.PredictAsync(RideJson.Of(Enumerable.Range(0, 6).Select(Ride.Number)));

        Assert.Equal(6, answer.Predictions.Length);
        await server.MetricsOnceAsync("mlbuild_prediction_log_dropped_total 6");
        await server.StopAsync();
        Assert.Empty(Files);
    }

    [Fact]
    public async Task ADiskThatFailsCostsRowsAndNoAnswersUntilItIsBack()
    {
        await using var server = await RunningServer.StartAsync(Options);
        // A file where the folder was: nothing can be written there.
        Directory.Delete(Folder);
        await File.WriteAllTextAsync(Folder, "");
        Assert.Single((await server.PredictAsync(RideJson.Of(Ride.Number(1)).ToJsonString())).Predictions);
        server.Pass(TimeSpan.FromMinutes(1));
        await server.MetricsOnceAsync("mlbuild_prediction_log_dropped_total 1");

        File.Delete(Folder);
        Directory.CreateDirectory(Folder);
        Assert.Single((await server.PredictAsync(RideJson.Of(Ride.Number(2)).ToJsonString())).Predictions);
        server.Pass(TimeSpan.FromMinutes(1));
        await server.MetricsOnceAsync("mlbuild_prediction_log_rows_total 1");

        Assert.Single(Files);
    }

    [Fact]
    public async Task ARowWithoutAKeyIsAnsweredAndNotLogged()
    {
        var definition = Ride.Definition with
        {
            ServedKey = ride => RowKey.Of($"{ride.Zone}|{ride.Passengers!.Value}"),
        };
        await using (var server = await RunningServer.StartAsync(Options, definition))
        {
            // The first has no passengers.
            var answer = await server.PredictAsync(RideJson.Of([Ride.Number(0), Ride.Number(1)]));
            Assert.Equal(2, answer.Predictions.Length);
            await server.MetricsOnceAsync("mlbuild_prediction_log_dropped_total 1");
            await server.StopAsync();
        }

        var columns = await ReadAsync(Files[0]);
        Assert.Equal([Ride.Number(1).ScoreBy(RideModel.Trees.Model)], columns["score"].Cast<float>());
    }

    [Fact]
    public async Task WhatAKilledServerLeftIsNoFileOfTheLogAndGoes()
    {
        Directory.CreateDirectory(Folder);
        var old = Path.Combine(Folder, "a.writing");
        var young = Path.Combine(Folder, "b.writing");
        await File.WriteAllTextAsync(old, "PAR1 and then");
        await File.WriteAllTextAsync(young, "PAR1 and then");
        File.SetLastWriteTimeUtc(old, new(2026, 11, 20, 7, 0, 0));
        File.SetLastWriteTimeUtc(young, new(2026, 11, 20, 8, 0, 0));

        await using (Build())
            Assert.Equal([young], Files);
    }

    [Fact]
    public void AFolderThatCannotBeWrittenToIsRefused()
    {
        File.WriteAllText(Folder, "");

        var refusal = Assert.Throws<ServingException>(Build).Message;

        Assert.StartsWith(
            $"The server cannot start: --prediction-log is '{Folder}', which is no folder to write to: ", refusal);
        Assert.EndsWith(" Name another folder.", refusal);
    }

    [Fact]
    public void AKeyOfColumnsThatRequestsHaveNotIsRefused()
    {
        var definition = Ride.Definition with { Key = ride => RowKey.Of($"{ride.DropoffAt.Ticks}|{ride.Zone}") };

        Assert.Equal(
            "Served rows are named with a key from columns that requests do not have: the key reads 'dropoff'. "
            + "Give the model definition a ServedKey of the columns they have.",
            Assert.Throws<ServingException>(
                () => ModelServer.Build(Options, definition, Ride.Served, new ManualClock())).Message);
        ModelServer.Build(
            Options, definition with { ServedKey = Ride.Definition.Key }, Ride.Served, new ManualClock());
    }

    private WebApplication Build() => ModelServer.Build(Options, Ride.Definition, Ride.Served, new ManualClock());

    // By another way than the one they were written by.
    private static async Task<Dictionary<string, object[]>> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await using var reader = await ParquetReader.CreateAsync(file);
        using var group = reader.OpenRowGroupReader(0);
        var columns = new Dictionary<string, object[]>();
        foreach (var field in reader.Schema.DataFields)
        {
            var rows = (int)group.RowCount;
            columns[field.Name] = field.ClrType switch
            {
                var type when type == typeof(int) => await Values<int>(),
                var type when type == typeof(float) => await Values<float>(),
                var type when type == typeof(DateTime) => await Values<DateTime>(),
                _ => [.. (await Values<ReadOnlyMemory<char>>()).Select(text => (object)text.ToString()!)],
            };

            async Task<object[]> Values<T>()
                where T : struct
            {
                var values = new T[rows];
                await group.ReadAsync(field, values.AsMemory());
                return [.. values.Cast<object>()];
            }
        }
        return columns;
    }
}
