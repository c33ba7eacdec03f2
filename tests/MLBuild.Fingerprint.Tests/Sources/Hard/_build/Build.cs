using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Acme.Rows;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Parts;

/// <summary>What a build class has in common with others.</summary>
public abstract class CommonBuild : NukeBuild
{
    protected virtual double Scale(double value) => value * 10;

    protected virtual double Shift(double value) => value + 10;
}

/// <summary>A build program whose stages see objects, delegates and registries.</summary>
public class Build : CommonBuild
{
    private readonly IScorer _scorer = new FastScorer(2);
    private readonly List<IRule> _rules = [new MinRule(1), new MaxRule(9)];
    private readonly Func<double, double> _square = value => value * value;
    private readonly Func<double, double> _power = Power(2);
    private readonly Func<double, double> _line = Line(2, 3);

    public Build()
    {
        Registry.Functions.Add(value => value + 5);
        Registry.Rules["even"] = new EvenRule();
        Registry.Numbers.Add(3.5);
        Registry.Hook = value => value * 6;
        Defaults.Register();
        Registry.Extended.With(value => value * 13).With(value => value * 14);
        Defaults.Fill(Registry.Passed);
        Registry.Grouped["all"].Add(value => value * 15);
    }

    public int Level { get; set; } = 2;

    public string Plugin { get; set; } = "Parts.FirstPlugin, Parts";

    public Stage Interfaced => Of("Interfaced").Runs(run => Write(run, _scorer.Score(1))).Build();

    public Stage Listed => Of("Listed").Runs(run => Write(run, _rules.Count(rule => rule.Holds(1)))).Build();

    public Stage Function => Of("Function").Runs(run => Write(run, _square(3))).Build();

    public Stage Curve => Of("Curve").Runs(run => Write(run, _power(3))).Build();

    public Stage Virtual => Of("Virtual").Runs(run => Write(run, Scale(1) + Shift(1))).Build();

    public Stage Metric => Of("Metric").Runs(run => Write(run, Measure.By<Squared>(3))).Build();

    public Stage Held
    {
        get
        {
            var holder = new Holder(4);
            return Of("Held").Runs(run => Write(run, holder.Add(1))).Build();
        }
    }

    public Stage Nested
    {
        get
        {
            var outer = Level;
            Func<int> first = () => outer;
            foreach (var inner in new[] { outer + first() })
            {
                Func<int> both = () => outer * inner;
                return Of("Nested").Runs(run => Write(run, both() + inner + outer)).Build();
            }
            throw new InvalidOperationException();
        }
    }

    public Stage Pair
    {
        get
        {
            var first = Level * 1.5;
            var second = Level * 2.5;
            // Another lambda decides how the closure looks.
            Func<double> sum = () => first + second;
            if (sum() < 0)
                throw new InvalidOperationException();
            return Of("Pair").Runs(run => Write(run, first - second)).Build();
        }
    }

    public Stage AsyncPair
    {
        get
        {
            var first = Level * 1.5;
            var second = Level * 2.5;
            return Of("AsyncPair").Runs(async run =>
            {
                await Task.Yield();
                Write(run, first / second);
            }).Build();
        }
    }

    public Stage Linear => Of("Linear").Runs(run => Write(run, _line(3))).Build();

    public Stage Reflecting => Of("Reflecting").Runs(run =>
    {
        object gauge = new Gauge();
        Write(run, (double)gauge.GetType().GetMethod("Go")!.Invoke(gauge, null)!);
    }).Build();

    public Stage Registered => Of("Registered").Runs(run => Write(run, Registry.Apply(1))).Build();

    public Stage Ruled => Of("Ruled").Runs(run => Write(run, Registry.Holds("even", 2) ? 1 : 0)).Build();

    public Stage Numbered => Of("Numbered").Runs(run => Write(run, Registry.Numbers.Sum())).Build();

    public Stage Hooked => Of("Hooked").Runs(run => Write(run, Registry.Hook!(1))).Build();

    public Stage Extended => Of("Extended").Runs(run => Write(run, Registry.Extended[0](1))).Build();

    public Stage Passed => Of("Passed").Runs(run => Write(run, Registry.Passed[0](1))).Build();

    public Stage Grouped => Of("Grouped").Runs(run => Write(run, Registry.Grouped["all"][0](1))).Build();

    public Stage Leveled
    {
        get
        {
            Registry.Levels.Add(Level);
            return Of("Leveled").Runs(run => Write(run, Registry.Levels[0])).Build();
        }
    }

    public Stage Described => Of("Described").Reflects<Card>()
        .Runs(run => File.WriteAllText(run.Output("out.txt"), Table.Describe(new Card()))).Build();

    public Stage Simple => Of("Simple").Runs(run => Write(run, Plain.Number())).Build();

    public Stage Versioned => Of("Versioned").Version("2").Runs(run => Write(run, Plain.Number() * 2)).Build();

    public Stage Trusted => Of("Trusted").TrustsReach("every plugin is named in the interface")
        .Runs(run => Write(run, Plugins.All() * 2)).Build();

    public Stage Whole => Of("Whole").TracksAssemblies().Runs(run => Write(run, 3)).Build();

    public Stage Scanning => Of("Scanning").Runs(run => Write(run, Plugins.All())).Build();

    public Stage Named => Of("Named").Runs(run => Write(run, Plugins.Named(Plugin))).Build();

    public Stage[] Stages =>
    [
        Interfaced, Listed, Function, Curve, Virtual, Metric, Held, Nested, Pair, AsyncPair,
        Linear, Reflecting, Registered, Ruled, Numbered, Hooked, Extended,
        Passed, Grouped, Leveled, Described, Simple, Versioned, Trusted, Whole, Scanning, Named,
    ];

    protected override double Scale(double value) => value * 11;

    private static Func<double, double> Power(double exponent) => value => Math.Pow(value, exponent);

    private static Func<double, double> Line(double slope, double offset) => value => slope * value + offset;

    private static StageBuilder Of(string name) => new StageBuilder(new(name)).Writes("out.txt");

    private static void Write(StageRun run, double value) => File.WriteAllText(run.Output("out.txt"), $"{value}");
}
