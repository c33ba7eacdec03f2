using System.Reflection;
using MLBuild.Engine.Stages;

namespace MLBuild.Engine.Tests.Code.Samples;

/// <summary>Code for the fingerprint to read: each class shows one thing.</summary>
public static class Plain
{
    public static readonly string Used = "used";
    public static readonly string Unused = "unused";
    public static int Counter;

    public static void Train(StageRun run) => run.Log(Helper(2) + Used);

    public static string Helper(int times) => string.Concat(Enumerable.Range(0, times).Select(i => $"{i}"));

    public static string Unrelated(int times) => $"{times}";

    public static void Count(StageRun run) => run.Log($"{Counter}");

    public static void Bump() => Counter++;
}

public abstract class Shape
{
    public abstract double Area();
}

public sealed class Square(double side) : Shape
{
    public override double Area() => side * side;
}

public sealed class Circle(double radius) : Shape
{
    public override double Area() => Math.PI * radius * radius;
}

public static class Dispatch
{
    public static void Train(StageRun run) => run.Log($"{Total([new Square(2)])}");

    public static double Total(IEnumerable<Shape> shapes) => shapes.Sum(shape => shape.Area());

    public static Shape Other() => new Circle(1);
}

public sealed record Row(int Id, string Name);

public static class Serializing
{
    public static void Train(StageRun run) => run.Log(System.Text.Json.JsonSerializer.Deserialize<Row>("{}")!.Name);
}

public static class Registry
{
    public static readonly Dictionary<string, Func<double, double>> Scorers = [];

    public static void Add(string name, Func<double, double> scorer) => Scorers[name] = scorer;

    public static void Declare() => Add("twice", x => Twice(x));

    public static double Twice(double x) => x * 2;

    public static void Train(StageRun run) => run.Log($"{Scorers["twice"](1)}");
}

public static class World
{
    public static void Clock(StageRun run) => run.Log(Stamp());

    private static string Stamp() => $"{DateTime.UtcNow:O}";

    public static void Environment(StageRun run) => run.Log(System.Environment.GetEnvironmentVariable("NOTE") ?? "");

    public static void Random(StageRun run) => run.Log($"{new Random().Next()} {new Random(1).Next()}");

    public static void File(StageRun run) => run.Log(System.IO.File.ReadAllText("rates.csv") +
        System.IO.File.ReadAllText(run.Input("table")));

    public static void Process(StageRun run) => System.Diagnostics.Process.Start("ls", "-l").Dispose();

    public static void Network(StageRun run)
    {
        using var client = new HttpClient();
        run.Log($"{client.Timeout}");
    }

    public static void Scan(StageRun run) => run.Log($"{Assembly.GetExecutingAssembly().GetTypes().Length}");

    public static void Named(StageRun run) => run.Log($"{Type.GetType("MLBuild.Engine.Tests.Code.Samples.Circle")}");

    public static void NamedElsewhere(StageRun run) => run.Log(
        $"{Type.GetType(run.Partition ?? "MLBuild.Engine.Tests.Code.Samples.Circle")}");
}

/// <summary>Named as what marks parameters of a build.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class SecretAttribute : Attribute;

/// <summary>A build that declares stages with lambdas over its members.</summary>
public sealed class Build
{
    public int Epochs = 3;

    public double Rate { get; init; } = 0.5;

    public int[] Layers { get; init; } = [8, 4];

    [Secret] public string Token = "hush";

    public HttpClient Client { get; init; } = null!;

    public Func<double, double> Score { get; init; } = x => x + 1;

    public int Unread = 1;

    public Stage Undeclared => Named().Runs(run => run.Log($"{Epochs} {Rate}")).Build();

    public Stage Declared => Named().Runs((run, given) => run.Log($"{given.Epochs} {Epochs}"), () => new { Epochs })
        .Build();

    public Stage Secretive => Named().Runs(run => run.Log(Token)).Build();

    public Stage Opaque => Named().Runs(run => run.Log($"{Client.Timeout}")).Build();

    public Stage Listing => Named().Runs(run => run.Log($"{Layers.Length} {Score(1)}")).Build();

    public Stage Other => Named().Runs(run => run.Log(nameof(Other))).Build();

    public static Stage Local(double given) => Named().Runs(run => run.Log($"{given}")).Build();

    private static StageBuilder Named() => new StageBuilder(new("Train")).Writes("out.txt");
}

public sealed class Field(double area)
{
    public double Area() => area;
}

public static class Direct
{
    public static void Train(StageRun run) => run.Log($"{new Square(2)} on {new Field(3).Area()}");
}

/// <summary>A registry of functions, or of lists of them: what adds one calls what adds several, which calls
/// it.</summary>
public sealed class ScorerList
{
    private readonly List<Func<double, double>> _all = [];

    public double Score(double x) => _all[^1](x);

    public void Add(object scorer)
    {
        if (scorer is object[] several)
            AddAll(several);
        else
            _all.Add((Func<double, double>)scorer);
    }

    public void AddAll(object[] scorers)
    {
        foreach (var scorer in scorers)
            Add(scorer);
    }
}

public static class Recursive
{
    public static readonly ScorerList All = new();

    public static void DeclareOne(object scorer) => All.Add(scorer);

    public static void Declare() => All.AddAll([(Func<double, double>)Thrice]);

    public static double Thrice(double x) => x * 3;

    public static void Train(StageRun run) => run.Log($"{All.Score(1)}");
}
