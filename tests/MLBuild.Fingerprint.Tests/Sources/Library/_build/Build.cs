using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using MLBuild.Engine.Stages;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Newtonsoft.Json.Linq;
using Newtonsoft.Json.Serialization;
using Nuke.Common;
using Formatting = Newtonsoft.Json.Formatting;

/// <summary>What the library reads and writes.</summary>
public class Trip
{
    [JsonProperty("miles", Order = 2)]
    public double Distance { get; set; } = 2.5;

    [JsonIgnore]
    public string Secret { get; set; } = "s";

    public DateTime Begin { get; set; } = new(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc);

    public Zone Zone { get; set; } = Zone.Inner;

    public Dictionary<string, List<int>> Counts { get; set; } = new() { ["a"] = [1, 2], ["b"] = [] };

    public Trip? Next { get; set; }

    public bool ShouldSerializeNext() => Next is not null;
}

public enum Zone
{
    Inner,
    Outer,
}

public record Point(int X, int Y);

/// <summary>Stages that drive a large library, which counts as user code.</summary>
public class Build : NukeBuild
{
    public Stage[] Stages =>
    [
        Of("Serialize", () => JsonConvert.SerializeObject(new Trip { Next = new() }, Formatting.Indented)),
        Of("Deserialize", () => $"{JsonConvert.DeserializeObject<Trip>("""
            { "miles": 3.5, "Begin": "2026-01-31T12:00:00Z", "Zone": 1, "Counts": { "x": [1, 2, 3] }, "Next": {} }
            """)!.Counts["x"].Sum()}"),
        Of("Records", () => $"{JsonConvert.DeserializeObject<Point>(JsonConvert.SerializeObject(new Point(1, 2)))}"),
        Of("Trees", () =>
        {
            var tree = JObject.Parse("""{ "a": [ { "b": 1 }, { "b": 2, "c": null } ], "d": 1.5e3, "e": "text" }""");
            tree["a"]![0]!.AddAfterSelf(new JObject { ["b"] = 7 });
            tree.Merge(JObject.FromObject(new { Added = new[] { 1, 2 } }));
            return string.Join(' ', tree.SelectTokens("$.a[?(@.b > 1)].b").Select(token => (int)token))
                + tree.Descendants().Count() + JToken.DeepEquals(tree, tree.DeepClone());
        }),
        Of("Converters", () => JsonConvert.SerializeObject(new Trip(), new JsonSerializerSettings
        {
            Converters = { new StringEnumConverter(), new IsoDateTimeConverter { DateTimeFormat = "yyyy" } },
            ContractResolver = new CamelCasePropertyNamesContractResolver(),
            DefaultValueHandling = DefaultValueHandling.Ignore,
        })),
        Of("Populate", () =>
        {
            var trip = new Trip();
            JsonConvert.PopulateObject("""{ "Zone": "Outer", "Counts": { "a": [3] } }""", trip);
            return $"{trip.Zone} {trip.Counts["a"].Count}";
        }),
        Of("Xml", () =>
        {
            var document = new XmlDocument();
            document.LoadXml("<trip zone='1'><mile>1</mile><mile>2</mile></trip>");
            return JsonConvert.DeserializeXNode(JsonConvert.SerializeXmlNode(document))!.ToString();
        }),
        Of("Reading", () =>
        {
            using var reader = new JsonTextReader(new StringReader(
                """[1, 'two', /* three */ {"four": [5.5, true]}]"""));
            var count = 0;
            while (reader.Read())
                count += reader.Depth + $"{reader.Value}".Length;
            return $"{count}";
        }),
        Of("Writing", () =>
        {
            var text = new StringWriter();
            using var writer = new JsonTextWriter(text) { Formatting = Formatting.Indented, QuoteChar = '\'' };
            writer.WriteStartObject();
            writer.WritePropertyName("bytes");
            writer.WriteValue(new byte[] { 1, 2, 3 });
            writer.WriteEndObject();
            return text.ToString();
        }),
        Of("Faults", () =>
        {
            var faults = new List<string>();
            JsonConvert.DeserializeObject<List<int>>("[1, \"x\", 3, {}]", new JsonSerializerSettings
            {
                Error = (_, error) =>
                {
                    faults.Add(error.ErrorContext.Error.Message);
                    error.ErrorContext.Handled = true;
                },
            });
            return string.Join('\n', faults);
        }),
    ];

    private static Stage Of(string name, Func<string> work) => new StageBuilder(new(name)).Writes("out.txt")
        .Runs(run => File.WriteAllText(run.Output("out.txt"), work())).Build();
}
