using System.Net;
using System.Text.Json;
using MLBuild.Learning.Rollouts;
using MLBuild.Registry;

namespace MLBuild.Serving.Tests;

/// <summary>A server gives a candidate its part of the requests, counts what becomes of them, and says so.</summary>
public sealed class RollingOut : IDisposable
{
    private static readonly Ride[] Rides = [.. Enumerable.Range(0, 400).Select(Ride.Number)];

    private readonly ModelPlace _place = new();

    public RollingOut()
    {
        // The second version is registered by deploying it.
        _place.Deploy(RideModel.Trees);
        _place.Deploy(RideModel.Linear);
        _place.Rollback(1);
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task ACandidateAnswersItsPartByTheKeyOfTheRequest()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started);
        await _place.StepAsync(server, 1);
        Assert.All(await PredictAllAsync(server), answer => Assert.Equal(1, answer.Version));

        _place.RollOut(RolloutChange.Shared, 25);
        await _place.StepAsync(server, 2);
        var answers = await PredictAllAsync(server);

        Assert.InRange(answers.Count(answer => answer.Version == 2), 70, 130);
        foreach (var (ride, answer) in Rides.Zip(answers))
        {
            var model = answer.Version == 2 ? RideModel.Linear.Model : RideModel.Trees.Model;
            Assert.Equal([ride.ScoreBy(model)], answer.Predictions);
        }
        // Who has the candidate keeps it, also on another server.
        await using var other = await RunningServer.StartAsync(_place.Options);
        await _place.StepAsync(other, 2);
        Assert.Equal(
            answers.Select(answer => answer.Version), (await PredictAllAsync(other)).Select(answer => answer.Version));
    }

    [Fact]
    public async Task WhatBecomesOfTheRequestsIsCountedByStep()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started);
        await _place.StepAsync(server, 1);
        await PredictAllAsync(server);
        _place.RollOut(RolloutChange.Shared, 50);
        await _place.StepAsync(server, 2);
        var answers = await PredictAllAsync(server);

        var status = await _place.StepAsync(server, 2, status => status.Champion.Requests + status.Own.Requests == 400);

        Assert.Equal(answers.Count(answer => answer.Version == 2), status.Own.Answered);
        Assert.Equal(answers.Count(answer => answer.Version == 1), status.Champion.Answered);
        Assert.Equal(status.Own.Answered, status.Own.Scores.Sum());
        Assert.Equal(status.Own.Answered, status.Own.Latencies.Sum());
        Assert.Equal((0, null), (status.Own.Failed, status.Fault));
    }

    [Fact]
    public async Task WhereTheCandidateAnswersAllTheChampionsCountsOfTheStepBeforeAreKept()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);
        await PredictAllAsync(server);
        var before = await _place.StepAsync(
            server, 1, status => status.Champion.Requests + status.Own.Requests == 400);

        _place.RollOut(RolloutChange.Shared, 100);
        Assert.Equal(0, (await _place.StepAsync(server, 2)).Own.Requests);
        Assert.All(await PredictAllAsync(server), answer => Assert.Equal(2, answer.Version));

        var status = await _place.StepAsync(server, 2, status => status.Own.Requests == 400);
        Assert.Equal(before.Champion.Answered, status.Champion.Answered);
        Assert.Equal(before.Champion.Scores.ToArray(), status.Champion.Scores.ToArray());
        // One that was started anew knows nothing of the champion, and gives the candidate all keys too.
        await using var other = await RunningServer.StartAsync(_place.Options);
        Assert.Equal(2, (await other.PredictAsync(RideJson.Of(Rides[0]).ToJsonString())).Version);
        await other.HealthOnceAsync(_ => _place.Reported() is { Candidate: { } own } && own.Own.Requests == 1
            && own.Champion.Requests == 0);
        // Back at a part both begin anew.
        _place.RollOut(RolloutChange.Shared, 50);
        Assert.Equal(0, (await _place.StepAsync(server, 3)).Champion.Requests);
    }

    [Fact]
    public async Task ARequestOfManyRowsIsAnsweredByOneVersion()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);

        var answers = new List<Answer>();
        for (var first = 0; first < 40; first++)
            answers.Add(await server.PredictAsync(RideJson.Of(Rides[first..(first + 20)])));

        Assert.Equal([1, 2], answers.Select(answer => answer.Version).Distinct().Order());
        foreach (var (first, answer) in answers.Index())
        {
            var model = answer.Version == 2 ? RideModel.Linear.Model : RideModel.Trees.Model;
            Assert.Equal(Rides[first..(first + 20)].Select(ride => ride.ScoreBy(model)), answer.Predictions);
        }
    }

    [Fact]
    public async Task APromotionAndARollbackChangeWhoAnswers()
    {
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);
        _place.RollOut(RolloutChange.Promoted);
        await server.ServesAsync(2);
        Assert.All(await PredictAllAsync(server), answer => Assert.Equal(2, answer.Version));

        _place.Rollback(1);
        await server.ServesAsync(1);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 3);
        _place.RollOut(RolloutChange.RolledBack);
        await server.HealthOnceAsync(_ => _place.Reported().Candidate is null);
        Assert.All(await PredictAllAsync(server), answer => Assert.Equal(1, answer.Version));
    }

    [Fact]
    public async Task AShadowScoresForNobody()
    {
        await using var server = await RunningServer.StartAsync(_place.Options with
        {
            // As many as there are requests: it misses none.
            Limits = _place.Options.Limits with { MaxScoring = 400 },
        });
        _place.RollOut(RolloutChange.Started, strategy: RolloutStrategy.Shadow);
        await _place.StepAsync(server, 1);

        var answers = await PredictAllAsync(server);

        Assert.All(answers, answer => Assert.Equal(1, answer.Version));
        var status = await _place.StepAsync(server, 1, status => status.Own.Requests == 400);
        Assert.Equal((400, 0), (status.Champion.Answered, status.Own.Failed));
        // Counted in the champion's bins, so that the two can be compared.
        Assert.NotEqual(status.Champion.Scores.ToArray(), status.Own.Scores.ToArray());
    }

    [Fact]
    public async Task ACandidateThatCannotServeIsSaidAndTheChampionAnswers()
    {
        _place.Deploy(RideModel.Linear, golden: "[]");
        _place.Rollback(1);
        await using var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started, 50);

        var status = await _place.StepAsync(server, 1);

        Assert.Equal(
            "Version 2 of model 'ride-fare' must not serve. These are not golden rows: there are none.", status.Fault);
        Assert.All(await PredictAllAsync(server), answer => Assert.Equal(1, answer.Version));
        var model = (await server.GetAsync("/model")).Json.GetProperty("rollout");
        Assert.Equal(2, model.GetProperty("version").GetInt32());
        Assert.Equal(status.Fault, model.GetProperty("fault").GetString());
    }

    [Fact]
    public async Task AServerSaysThatItHasEnded()
    {
        var server = await RunningServer.StartAsync(_place.Options);
        _place.RollOut(RolloutChange.Started, 50);
        await _place.StepAsync(server, 1);
        await PredictAllAsync(server);

        await server.StopAsync();
        await server.DisposeAsync();

        var status = _place.Reported();
        Assert.True(status.HasEnded);
        Assert.Equal(400, status.Candidate!.Own.Requests + status.Candidate.Champion.Requests);
    }

    private static async Task<List<Answer>> PredictAllAsync(RunningServer server)
    {
        var answers = new List<Answer>();
        foreach (var ride in Rides)
            answers.Add(await server.PredictAsync(RideJson.Of(ride).ToJsonString()));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        return answers;
    }
}
