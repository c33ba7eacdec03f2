using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using MLBuild.Learning.Features;
using MLBuild.Serving.Models;
using MLBuild.Serving.Requests;

namespace MLBuild.Serving;

/// <summary><c>POST /predict</c>: scores the rows of a request, all of them by the same model version. The answer has
/// an array of predictions, in the order of the rows, also when the request was a single row.</summary>
/// <param name="served">Takes the version, the rows and their features of each request that is answered.</param>
internal sealed class PredictEndpoint<TRow>(
    RequestRows<TRow> requestRows, FeatureSet<TRow> features, LiveModel live, ILogger log,
    Action<int, TRow[], float[][]> served)
    where TRow : class, new()
{
    public async Task<IResult> AnswerAsync(HttpContext context)
    {
        try
        {
            var rows = requestRows.Read(await BodyOf(context));
            var model = live.State.Model;
            return Results.Json(new Answer(model.Version, model.Hash, Score(rows, model)));
        }
        catch (BadRequestException e)
        {
            return Results.Problem(e.Message, statusCode: e.StatusCode, extensions: Extensions(e.Faults));
        }
        catch (ScoringException e)
        {
            log.LogError("POST /predict was not answered: {Fault}", e.Message);
            return Results.Problem(e.Message, statusCode: StatusCodes.Status500InternalServerError);
        }
    }

    private static Dictionary<string, object?>? Extensions(IReadOnlyList<RequestFault> faults) =>
        faults.Count == 0 ? null : new() { ["faults"] = faults };

    private async Task<ReadOnlyMemory<byte>> BodyOf(HttpContext context)
    {
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            var mostBytes = context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize;
            throw new BadRequestException(
                e.StatusCode,
                $"The body is longer than {mostBytes} bytes, expected at most that. Send several requests.",
                []);
        }
        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private float[] Score(TRow[] rows, ServedModel model)
    {
        var scores = new float[rows.Length];
        var values = new float[rows.Length][];
        var computer = features.Using(model.State);
        var faults = new List<RequestFault>();
        for (var i = 0; i < rows.Length; i++)
        {
            try
            {
                values[i] = new float[features.Width];
                computer.Compute(rows[i], values[i]);
            }
            catch (ArgumentException e)
            {
                faults.Add(new(i, null, $"has no features: {e.Message.TrimEnd('.')}"));
                continue;
            }
            scores[i] = model.Model.Score(values[i]);
            if (!float.IsFinite(scores[i]))
                throw new ScoringException(FormattableString.Invariant(
                    $"Row {i} scores {scores[i]} by version {model.Version}, expected a finite number."));
        }
        if (faults.Count > 0)
            throw BadRequestException.Of(faults);
        served(model.Version, rows, values);
        return scores;
    }

    private sealed record Answer(int Version, string Model, float[] Predictions);

    private sealed class ScoringException(string message) : Exception(message);
}
