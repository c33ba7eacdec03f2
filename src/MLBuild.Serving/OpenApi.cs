using System.Net.Mime;
using System.Text.Json.Nodes;
using MLBuild.Learning.Models;
using MLBuild.Learning.Rows;
using MLBuild.Serving.Predictions;

namespace MLBuild.Serving;

/// <summary>The OpenAPI document (3.1) of a server: what a row of a request has, and what is answered. It is made from
/// the served row, which also reads requests, and from the task of the model that serves.</summary>
/// <remarks>A generator that looks at C# types would see the properties of the row type: with the label, under other
/// names, and without what is known only of columns.</remarks>
internal static class OpenApi
{
    // Kept in one place of the document and named elsewhere.
    private const string Row = "Row";
    private const string Prediction = "Prediction";
    private const string Problem = "Problem";
    private const string ApiKey = "ApiKey";

    public static JsonObject Of<TRow>(string modelName, ServedRow<TRow> row, LearningTask task, int maxRows)
        where TRow : class, new() => new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = modelName, ["version"] = "1" },
            ["paths"] = new JsonObject
            {
                ["/predict"] = new JsonObject { ["post"] = Predict(maxRows) },
                ["/model"] = OfAModel(Guarded(Get(
                    "Which model answers, and where it comes from.", MediaTypeNames.Application.Json, Object()))),
                ["/health/live"] = Get("Whether the process runs.", MediaTypeNames.Application.Json, Closed(new()
                {
                    ["status"] = new JsonObject { ["const"] = LiveStatus.Alive.Status },
                })),
                ["/health/ready"] = Ready(),
                ["/metrics"] = Guarded(Get(
                    "What the server counts, for Prometheus.", MediaTypeNames.Text.Plain,
                    new() { ["type"] = "string" })),
                ["/openapi.json"] = OfAModel(
                    Get("This document.", MediaTypeNames.Application.Json, Object())),
            },
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject
                {
                    [Row] = RowOf(row),
                    [Prediction] = PredictionOf(task),
                    [Problem] = ProblemSchema(),
                },
                ["securitySchemes"] = new JsonObject
                {
                    [ApiKey] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = ApiKeys.Header },
                },
            },
        };

    private static JsonObject Predict(int maxRows) => new()
    {
        ["summary"] = "Predicts a row, or each of an array of them, all by one version of the model.",
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = Json("application/json", new()
            {
                ["oneOf"] = new JsonArray(Reference(Row), new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = Reference(Row),
                    ["minItems"] = 1,
                    ["maxItems"] = maxRows,
                }),
            }),
        },
        ["responses"] = new JsonObject
        {
            ["200"] = Answer("A prediction for each row, in their order.", "application/json", Reference(Prediction)),
            ["400"] = Refusal("The body is no rows, or a row breaks a rule."),
            ["408"] = Refusal("The body did not come in time."),
            ["413"] = Refusal("The body is too long, or has too many rows."),
            ["415"] = Refusal("The body is no JSON in UTF-8."),
            ["500"] = Refusal("The model or the server failed."),
            ["503"] = Refusal(
                "There are too many requests, or the server stands by; Retry-After says when to come again."),
        },
    };

    private static JsonObject Get(string summary, string mediaType, JsonObject schema) => new()
    {
        ["get"] = new JsonObject
        {
            ["summary"] = summary,
            ["responses"] = new JsonObject { ["200"] = Answer(summary, mediaType, schema) },
        },
    };

    // Without a key for a server that only its own machine reaches.
    private static JsonObject Guarded(JsonObject path)
    {
        var get = path["get"]!.AsObject();
        get["security"] = new JsonArray(new JsonObject { [ApiKey] = new JsonArray() }, new JsonObject());
        get["responses"]!["401"] = Refusal("No key of this server was sent.");
        get["responses"]!["403"] = Refusal("Other machines reach this server, and it has no keys.");
        return path;
    }

    private static JsonObject OfAModel(JsonObject path)
    {
        path["get"]!["responses"]!["503"] = Refusal("The server stands by, and none of its models was ever deployed.");
        return path;
    }

    private static JsonObject Ready()
    {
        const string summary = "Whether requests are to be sent here.";
        var path = Get(summary, MediaTypeNames.Application.Json, Status());
        path["get"]!["responses"]!["503"] = Answer("Not now.", MediaTypeNames.Application.Json, Status());
        return path;

        static JsonObject Status() => Closed(new()
        {
            ["status"] = new JsonObject { ["enum"] = new JsonArray("healthy", "degraded", "draining", "standby") },
            ["version"] = new JsonObject
            {
                ["type"] = new JsonArray("integer", "null"),
                ["description"] = "Null while it stands by for a version of its own feature code.",
            },
            ["fault"] = new JsonObject
            {
                ["type"] = new JsonArray("string", "null"),
                ["description"] = "Null also for who may not see /model.",
            },
        });
    }

    private static JsonObject Object() => new() { ["type"] = "object" };

    private static JsonObject RowOf<TRow>(ServedRow<TRow> row)
        where TRow : class, new()
    {
        var properties = new JsonObject();
        foreach (var column in row.Columns)
            properties[column.Name] = ValueOf(column.Type, column.IsNullable, column.Scale);
        return new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray(
                [.. row.Columns.Where(column => !column.IsNullable).Select(column => (JsonNode)column.Name)]),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject ValueOf(ColumnType type, bool isNullable, int scale)
    {
        var (name, schema) = type switch
        {
            ColumnType.Boolean => ("boolean", new JsonObject()),
            ColumnType.Int32 => ("integer", new()
            {
                ["minimum"] = int.MinValue,
                ["maximum"] = int.MaxValue,
                ["format"] = "int32",
            }),
            ColumnType.Int64 => ("integer", new() { ["format"] = "int64" }),
            ColumnType.Double => ("number", new() { ["format"] = "double" }),
            ColumnType.Decimal => ("number", new()
            {
                ["description"] = FormattableString.Invariant($"At most {scale} digits behind the point."),
            }),
            ColumnType.String => ("string", new()),
            ColumnType.DateTime => ("string", new()
            {
                ["description"] = "A time without a zone, to the millisecond: 2019-02-28 17:05:00.",
                ["pattern"] = @"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,7})?$",
            }),
            _ => throw new ArgumentException($"BUG: no schema for columns of type {type}."),
        };
        schema["type"] = isNullable ? new JsonArray(name, "null") : name;
        return schema;
    }

    private static JsonObject PredictionOf(LearningTask task)
    {
        var properties = new JsonObject
        {
            [PredictionAnswer.Version] = new JsonObject { ["type"] = "integer" },
            [PredictionAnswer.Model] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "The SHA-256 of the model.",
            },
        };
        if (task.Kind != LearningTaskKind.Regression)
            properties[PredictionAnswer.Classes] = new JsonObject { ["const"] = Names(task) };
        if (task.Kind == LearningTaskKind.Binary)
            properties[PredictionAnswer.ProbabilityOf] = new JsonObject { ["const"] = task.Classes[1] };
        properties[PredictionAnswer.Predictions] = new JsonObject
        {
            ["type"] = "array",
            ["items"] = task.Kind switch
            {
                LearningTaskKind.Regression => new() { ["type"] = "number" },
                LearningTaskKind.Binary => Probability(),
                _ => ClassOf(task),
            },
        };
        return Closed(properties);
    }

    private static JsonObject ClassOf(LearningTask task)
    {
        var probabilities = new JsonObject();
        foreach (var name in task.Classes)
            probabilities[name] = Probability();
        return Closed(new()
        {
            [PredictionAnswer.Class] = new JsonObject { ["enum"] = Names(task) },
            [PredictionAnswer.Probabilities] = Closed(probabilities),
        });
    }

    private static JsonObject ProblemSchema() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["status"] = new JsonObject { ["type"] = "integer" },
            ["detail"] = new JsonObject { ["type"] = "string" },
            ["faults"] = new JsonObject
            {
                ["type"] = "array",
                ["items"] = Closed(new()
                {
                    ["row"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0 },
                    ["field"] = new JsonObject { ["type"] = new JsonArray("string", "null") },
                    ["rule"] = new JsonObject { ["type"] = "string" },
                    ["problem"] = new JsonObject { ["type"] = "string" },
                }),
            },
        },
        ["required"] = new JsonArray("status", "detail"),
    };

    // All of its properties are there, and no others.
    private static JsonObject Closed(JsonObject properties) => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray([.. properties.Select(property => (JsonNode)property.Key)]),
        ["properties"] = properties,
        ["additionalProperties"] = false,
    };

    private static JsonObject Probability() => new() { ["type"] = "number", ["minimum"] = 0, ["maximum"] = 1 };

    private static JsonArray Names(LearningTask task) => [.. task.Classes.Select(name => (JsonNode)name)];

    private static JsonObject Reference(string schema) => new() { ["$ref"] = $"#/components/schemas/{schema}" };

    private static JsonObject Refusal(string description) =>
        Answer(description, "application/problem+json", Reference(Problem));

    private static JsonObject Answer(string description, string mediaType, JsonObject schema) => new()
    {
        ["description"] = description,
        ["content"] = Json(mediaType, schema),
    };

    private static JsonObject Json(string mediaType, JsonObject schema) =>
        new() { [mediaType] = new JsonObject { ["schema"] = schema } };
}
