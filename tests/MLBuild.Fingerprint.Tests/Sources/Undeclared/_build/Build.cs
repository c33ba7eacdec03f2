using System.Globalization;
using System.IO;
using MLBuild.Engine.Stages;
using Nuke.Common;
using Steps;

/// <summary>What a stage is asked for.</summary>
public sealed record Options(int Epochs);

/// <summary>Stages each of which reads something that it does not declare.</summary>
public class Build : NukeBuild
{
    public int Epochs { get; set; } = 3;

    public int Layers { get; set; } = 4;

    public string Path { get; set; } = "a.txt";

    public Stage Member => Of("Member").Runs(run => Write(run, Layers * 2)).Build();

    public Stage Local
    {
        get
        {
            var size = Layers + 1;
            return Of("Local").Runs(run => Write(run, size * 2)).Build();
        }
    }

    public Stage Declared => Of("Declared")
        .Runs((run, options) => Write(run, options.Epochs), () => new Options(Epochs)).Build();

    public Stage DeclaredAndRead => Of("DeclaredAndRead")
        .Runs((run, options) => Write(run, options.Epochs + Epochs), () => new Options(Epochs)).Build();

    public Stage Static => Of("Static").Runs(run => Write(run, Statics.Read())).Build();

    public Stage Clock => Of("Clock").Runs(run => Write(run, Clocks.Read())).Build();

    public Stage Ticks => Of("Ticks").Runs(run => Write(run, Clocks.Ticks())).Build();

    public Stage Variable => Of("Variable").Runs(run => Write(run, Environments.Read())).Build();

    public Stage Cores => Of("Cores").Runs(run => Write(run, Environments.Cores())).Build();

    public Stage Random => Of("Random").Runs(run => Write(run, Randoms.Read())).Build();

    public Stage SharedRandom => Of("SharedRandom").Runs(run => Write(run, Randoms.Shared())).Build();

    public Stage SeededRandom => Of("SeededRandom").Runs(run => Write(run, Randoms.Seeded())).Build();

    public Stage Id => Of("Id").Runs(run => Write(run, Randoms.Id())).Build();

    public Stage Context => Of("Context").Runs(run => Write(run, Randoms.Context())).Build();

    public Stage SeededContext => Of("SeededContext").Runs(run => Write(run, Randoms.SeededContext())).Build();

    public Stage LiteralFile => Of("LiteralFile").Runs(run => Write(run, Files.Read())).Build();

    public Stage InputFile => Of("InputFile").Runs(run => Write(run, Files.Given(run.Input("in.txt")))).Build();

    public Stage Network => Of("Network").Runs(run => Write(run, Outside.Network())).Build();

    public Stage Process => Of("Process").Runs(run => Write(run, Outside.Run())).Build();

    public Stage Native => Of("Native").Runs(run => Write(run, Outside.Native())).Build();

    public Stage NamedType => Of("NamedType").Runs(run => Write(run, Loading.Named(run.Observed("type")))).Build();

    public Stage Scan => Of("Scan").Runs(run => Write(run, Loading.Scan())).Build();

    public Stage Load => Of("Load").Runs(run => Write(run, Loading.Load(run.Input("plugin.dll")))).Build();

    public Stage[] Stages =>
    [
        Member, Local, Declared, DeclaredAndRead, Static, Clock, Ticks, Variable, Cores, Random, SharedRandom,
        SeededRandom, Id, Context, SeededContext, LiteralFile, InputFile, Network, Process, Native, NamedType, Scan,
        Load,
    ];

    private static StageBuilder Of(string name) => new StageBuilder(new(name)).Writes("out.txt");

    private static void Write(StageRun run, double value) =>
        File.WriteAllText(run.Output("out.txt"), value.ToString(CultureInfo.InvariantCulture));
}
